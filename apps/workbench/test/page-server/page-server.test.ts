import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { openPage } from '../support/open-page.ts';
import { ScriptedOverview } from '../support/scripted-overview.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** With headers as they are given: `fetch` sets some itself. */
function send(url: URL | string, options: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { body: sent, ...rest } = options;
  const asked = request(url, rest, (response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (text: string) => (body += text));
    response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
  });
  asked.on('error', reject).end(sent);
  return promise;
}

const CALL = JSON.stringify({ target: 'workbench', method: 'toggles_set_service', input: { name: 'gmail', enabled: true } });
const JSON_TYPE = { 'content-type': 'application/json' };

async function admitted(): Promise<{ url: URL; cookie: string; calls: Awaited<ReturnType<typeof openPage>>['calls'] }> {
  const { url, calls } = await openPage(new ScriptedOverview());
  const { headers } = await send(url);
  const [cookie = ''] = (headers['set-cookie'] ?? [''])[0]!.split(';');
  return { url: new URL('/', url), cookie, calls };
}

test('the token becomes a cookie that no script reads and no other site sends', async () => {
  const { url } = await openPage(new ScriptedOverview());
  const { status, headers, body } = await send(url);
  expect(status).toBe(200);
  expect(headers['set-cookie']?.[0]).toMatch(/^workbench_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(headers['cache-control']).toBe('no-store');
  expect(body).not.toContain(new URL(url).searchParams.get('token'));
});

test.each(['/', '/?token=', '/?token=guessed', '/api/overview', '/api/events', '/icon.svg'])(
  'nobody has access to %s without either',
  async (path) => {
    const { url } = await openPage(new ScriptedOverview());
    const { status, headers } = await send(new URL(path, url));
    expect([status, headers['set-cookie']]).toEqual([401, undefined]);
  },
);

test('the token is good for the page only, and the cookie is not the token', async () => {
  const { url } = await openPage(new ScriptedOverview());
  const token = new URL(url).searchParams.get('token') ?? '';
  const { port } = new URL(url);
  expect((await send(new URL(`/api/overview?token=${token}`, url))).status).toBe(401);
  expect((await send(new URL('/', url), { headers: { cookie: `workbench_${port}=${token}` } })).status).toBe(401);
});

test('a page elsewhere that has rebound its name is refused, whatever it brings', async () => {
  const { url, cookie } = await admitted();
  for (const host of ['evil.example', `evil.example:${url.port}`, '127.0.0.1.evil.example', '10.0.0.1', '0.0.0.0'])
    expect([host, (await send(url, { headers: { host, cookie } })).status]).toEqual([host, 403]);
  expect((await send(url, { headers: { host: `localhost:${url.port}` } })).status).toBe(401);
});

test('a call of another origin is refused, though the cookie came along', async () => {
  const { url, cookie, calls } = await admitted();
  const from = (headers: OutgoingHttpHeaders): Promise<Answer> =>
    send(new URL('/api/call', url), { method: 'POST', headers: { cookie, ...JSON_TYPE, ...headers }, body: CALL });
  const foreign = [
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  expect(await Promise.all(foreign.map(async (headers) => (await from(headers)).status))).toEqual([403, 403, 403, 403, 403]);
  expect(calls.made).toEqual([]);
  expect((await from({ origin: url.origin, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  expect(calls.made).toHaveLength(1);
});

test.each([
  ['no JSON', 'target=workbench', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['broken JSON', '{"target":', JSON_TYPE, 400],
  ['an unknown target', '{"target":"root","method":"a","input":{}}', JSON_TYPE, 400],
  ['more than a call', '{"target":"cron","method":"a","input":{},"as":"root"}', JSON_TYPE, 400],
  ['no object as input', '{"target":"cron","method":"a","input":[]}', JSON_TYPE, 400],
  ['more than 1 MB', JSON.stringify({ target: 'cron', method: 'a', input: { text: 'a'.repeat(1_100_000) } }), JSON_TYPE, 413],
])('a call that is %s is refused before anything is done', async (_what, body, headers, status) => {
  const { url, cookie, calls } = await admitted();
  const answer = await send(new URL('/api/call', url), { method: 'POST', headers: { cookie, ...headers }, body });
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({ message: expect.any(String) as string });
  expect(calls.made).toEqual([]);
});

test('a mistake of the server is told by an id only', async () => {
  const { url, cookie, calls } = await admitted();
  calls.answer = () => {
    throw new Error('the secret path /home/anna/.ssh');
  };
  const { status, body } = await send(new URL('/api/call', url), { method: 'POST', headers: { cookie, ...JSON_TYPE }, body: CALL });
  expect([status, body.includes('anna')]).toEqual([500, false]);
});

test('every answer allows nothing inline and no frame', async () => {
  const { url, cookie } = await admitted();
  for (const path of ['/', '/api/overview', '/nothing']) {
    const { headers } = await send(new URL(path, url), { headers: { cookie } });
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

test('the server listens to this machine only', async ({ skip }) => {
  const { url } = await openPage(new ScriptedOverview());
  const outer = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal);
  if (!outer) return skip('this machine has no other address');
  await expect(send(`http://${outer.address}:${new URL(url).port}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
