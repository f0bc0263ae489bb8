import { Secret } from 'holdfast';
import { expect, onTestFinished, test } from 'vitest';
import { GoogleCalendar } from '../../../daemons/meet/google-calendar.ts';
import { HttpStandIn, type ReceivedRequest, type StandInAnswer } from '../../support/http-stand-in.ts';

const window = { from: Date.parse('2026-03-02T00:00:00Z'), to: Date.parse('2026-03-09T00:00:00Z') };
const signal = new AbortController().signal;
const TOKEN = { body: { access_token: 'ya29.access', expires_in: 3_600, token_type: 'Bearer' } };

async function google(answer: (request: ReceivedRequest) => StandInAnswer, token: StandInAnswer = TOKEN) {
  const standIn = await HttpStandIn.start((request) => (request.url.pathname === '/token' ? token : answer(request)));
  onTestFinished(() => standIn[Symbol.asyncDispose]());
  const credentials = { clientId: 'client', clientSecret: Secret.of('client-secret'), refreshToken: Secret.of('refresh-token') };
  const endpoints = { api: `${standIn.url}/`, token: `${standIn.url}/token` };
  const calendar = new GoogleCalendar({
    name: 'Work',
    calendarId: 'anna@example.com',
    mode: 'notes',
    timeZone: 'America/New_York',
    credentials,
    endpoints,
  });
  return { standIn, calendar };
}

function item(id: string, more: object = {}): object {
  return {
    id,
    status: 'confirmed',
    summary: id,
    start: { dateTime: '2026-03-02T09:30:00-05:00' },
    end: { dateTime: '2026-03-02T10:00:00-05:00' },
    ...more,
  };
}

test('occurrences are read page by page, within the window and with a token', async () => {
  const { standIn, calendar } = await google(({ url }) =>
    url.searchParams.has('pageToken')
      ? { body: { items: [item('second')] } }
      : {
          body: {
            items: [
              item('first_1', {
                recurringEventId: 'first',
                hangoutLink: 'https://meet.google.com/abc-defg-hij',
                organizer: { email: 'bo@example.com' },
              }),
            ],
            nextPageToken: 'more',
          },
        },
  );
  await expect(calendar.events(window, signal)).resolves.toEqual([
    {
      id: 'first_1',
      series: 'first',
      title: 'first_1',
      start: Date.parse('2026-03-02T14:30:00Z'),
      end: Date.parse('2026-03-02T15:00:00Z'),
      isAllDay: false,
      url: 'https://meet.google.com/abc-defg-hij',
      organizer: 'bo@example.com',
    },
    expect.objectContaining({ id: 'second', series: 'second', url: null, organizer: null }),
  ]);
  const [token, first, second] = standIn.requests;
  expect(new URLSearchParams(token?.body).get('refresh_token')).toBe('refresh-token');
  expect(first?.url.pathname).toBe('/calendar/v3/calendars/anna%40example.com/events');
  expect(first?.headers.authorization).toBe('Bearer ya29.access');
  expect(Object.fromEntries(first?.url.searchParams ?? [])).toMatchObject({
    singleEvents: 'true',
    orderBy: 'startTime',
    timeMin: '2026-03-02T00:00:00.000Z',
    timeMax: '2026-03-09T00:00:00.000Z',
  });
  expect(second?.url.searchParams.get('pageToken')).toBe('more');
});

test('cancelled and declined meetings are left out, all-day ones are days of their zone', async () => {
  const { calendar } = await google(() => ({
    body: {
      items: [
        item('cancelled', { status: 'cancelled' }),
        item('declined', { attendees: [{ self: true, responseStatus: 'declined' }] }),
        item('somebody else declined', { attendees: [{ responseStatus: 'declined' }] }),
        item('day', { start: { date: '2026-03-03' }, end: { date: '2026-03-04' } }),
        { id: 'no start' },
        'nonsense',
      ],
    },
  }));
  const events = await calendar.events(window, signal);
  expect(events.map(({ id, isAllDay, start }) => [id, isAllDay, new Date(start).toISOString()])).toEqual([
    ['somebody else declined', false, '2026-03-02T14:30:00.000Z'],
    ['day', true, '2026-03-03T05:00:00.000Z'],
  ]);
});

test.each([
  [{ status: 401, body: { error: { code: 401 } } }, TOKEN, 'refused'],
  [{ status: 403, body: { error: { errors: [{ reason: 'rateLimitExceeded' }] } } }, TOKEN, 'busy'],
  [{ status: 403, body: { error: { errors: [{ reason: 'forbidden' }] } } }, TOKEN, 'refused'],
  [{ status: 429, headers: { 'retry-after': '30' } }, TOKEN, 'busy'],
  [{ status: 404 }, TOKEN, 'unexpected'],
  [{ status: 500 }, TOKEN, 'away'],
  ['drop', TOKEN, 'away'],
  [{ body: {} }, { status: 400, body: { error: 'invalid_grant' } }, 'refused'],
] as const)('the answer %j, with a token of %j, is a fault that says what it is, without secrets', async (answer, token, fault) => {
  const { calendar } = await google(() => answer, token);
  const error = await calendar.events(window, signal).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'ServiceError', fault, message: expect.stringContaining('Work') as string });
  expect(String(error)).not.toMatch(/refresh-token|client-secret|ya29/);
});

test('a server whose pages never end is left', async () => {
  const { calendar } = await google(() => ({ body: { items: [], nextPageToken: 'again' } }));
  await expect(calendar.events(window, signal)).rejects.toMatchObject({ fault: 'unexpected' });
});
