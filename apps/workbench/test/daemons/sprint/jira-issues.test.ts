import { Secret } from 'holdfast';
import { expect, onTestFinished, test } from 'vitest';
import { JiraIssues } from '../../../daemons/sprint/jira-issues.ts';
import { HttpStandIn, type ReceivedRequest, type StandInAnswer } from '../../support/http-stand-in.ts';

const signal = new AbortController().signal;

async function jira(answer: (request: ReceivedRequest) => StandInAnswer): Promise<{ standIn: HttpStandIn; source: JiraIssues }> {
  const standIn = await HttpStandIn.start(answer);
  onTestFinished(() => standIn[Symbol.asyncDispose]());
  const source = new JiraIssues({
    server: standIn.url,
    email: 'anna@example.com',
    token: Secret.of('jira-token'),
    jql: 'sprint in openSprints()',
  });
  return { standIn, source };
}

function issue(key: string, summary: string | null = `Do ${key}`): object {
  return { id: '1', key, fields: { summary, status: { name: 'New' }, issuetype: { name: 'Bug' }, priority: null } };
}

test('pages are followed by their tokens, with the query and the credentials on each', async () => {
  const { standIn, source } = await jira(({ body }) => {
    const { nextPageToken } = JSON.parse(body) as { nextPageToken?: string };
    if (nextPageToken === undefined) return { body: { issues: [issue('AAP-2'), issue('AAP-1')], nextPageToken: 'second' } };
    return { body: { issues: [issue('AAP-3', null)], isLast: true } };
  });
  await expect(source.read(signal)).resolves.toEqual([
    { key: 'AAP-2', summary: 'Do AAP-2', status: 'New', type: 'Bug' },
    { key: 'AAP-1', summary: 'Do AAP-1', status: 'New', type: 'Bug' },
    { key: 'AAP-3', summary: '', status: 'New', type: 'Bug' },
  ]);
  expect(standIn.requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual(Array(2).fill('POST /rest/api/3/search/jql'));
  expect(standIn.requests.map(({ headers }) => headers.authorization)).toEqual(
    Array(2).fill(`Basic ${btoa('anna@example.com:jira-token')}`),
  );
  expect(JSON.parse(standIn.requests[1]?.body ?? '')).toMatchObject({
    jql: 'sprint in openSprints()',
    nextPageToken: 'second',
    maxResults: 100,
  });
});

test('without an e-mail address the token is a bearer', async () => {
  const { standIn } = await jira(() => ({ body: { issues: [] } }));
  await new JiraIssues({ server: standIn.url, token: Secret.of('personal'), jql: '' }).read(signal);
  expect(standIn.requests[0]?.headers.authorization).toBe('Bearer personal');
});

test.each([
  [{ status: 401 }, { fault: 'refused' }],
  [{ status: 403 }, { fault: 'refused' }],
  [
    { status: 429, headers: { 'retry-after': '7' } },
    { fault: 'busy', retryAfterMs: 7_000 },
  ],
  [{ status: 429 }, { fault: 'busy', retryAfterMs: undefined }],
  [
    { status: 429, headers: { 'retry-after': '999999999' } },
    { fault: 'busy', retryAfterMs: 3_600_000 },
  ],
  [{ status: 503 }, { fault: 'away' }],
  [{ status: 400, body: { errorMessages: ['bad JQL'] } }, { fault: 'unexpected' }],
  [{ status: 302, headers: { location: 'http://127.0.0.1:9/' } }, { fault: 'away' }],
  [{ body: 'not JSON' }, { fault: 'unexpected' }],
  [{ body: { issues: 'none' } }, { fault: 'unexpected' }],
  [{ body: `"${'x'.repeat(8_000_001)}"` }, { fault: 'unexpected' }],
  ['drop', { fault: 'away' }],
] as const)('the answer %j is a fault that says what it is, without the token', async (answer, expected) => {
  const { source } = await jira(() => answer);
  const error = await source.read(signal).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'ServiceError', message: expect.stringContaining('Jira') as string, ...expected });
  expect(String(error)).not.toMatch(/jira-token|127\.0\.0\.1/);
});

test('entries that are no issues are left out', async () => {
  const { source } = await jira(() => ({ body: { issues: [issue('../../etc'), issue('AAP-1'), issue('x'.repeat(100))] } }));
  await expect(source.read(signal)).resolves.toMatchObject([{ key: 'AAP-1' }]);
});

test('a server whose pages never end is left', async () => {
  const { source, standIn } = await jira(() => ({ body: { issues: [issue('AAP-1')], nextPageToken: 'again' } }));
  await expect(source.read(signal)).rejects.toMatchObject({ fault: 'unexpected' });
  expect(standIn.requests).toHaveLength(2);
});

test('no more than 500 issues are taken', async () => {
  let page = 0;
  const { source } = await jira(() => {
    const from = 100 * page++;
    return { body: { issues: Array.from({ length: 100 }, (_, at) => issue(`AAP-${from + at}`)), nextPageToken: `${page}` } };
  });
  await expect(source.read(signal)).resolves.toHaveLength(500);
});
