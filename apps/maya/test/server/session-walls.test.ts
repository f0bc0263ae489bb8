import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { OpenBar } from '../support/open-bar.ts';
import type { Visitor } from '../support/visitor.ts';

const SECRET = 'my grandmother is called Rosalind';

let bar: OpenBar;
let guest: Visitor;
let other: Visitor;
let before: SessionView;
let sessionId: string;

beforeAll(async () => {
  bar = await OpenBar.open();
  guest = bar.visitor();
  await guest.say('two dry martinis please');
  await guest.say(SECRET);
  before = await guest.session();
  sessionId = guest.sessionId;
  other = bar.visitor();
  await other.say('hello');
});
afterAll(() => bar[Symbol.asyncDispose]());

interface Route {
  readonly method: string;
  readonly path: string;
}

/** Every route of the app, from its own table. */
function routes(): readonly Route[] {
  const all = bar.maya.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
  return [...new Set(all)].map((route) => ({ method: route.split(' ')[0]!, path: route.split(' ')[1]! }));
}

/** A body that the route takes, with the id of the guest's session wherever there is room for it. */
function bodyFor(path: string): object {
  if (path === '/api/tip') return { percentage: 10 };
  if (path === '/api/keys') return { gemini: '' };
  return { id: sessionId, text: 'hello', session: sessionId, sessionId };
}

/** Everybody but the guest, with what they may know or try: the id in every place but the right one, and ids near it. */
function strangers(): Readonly<Record<string, { readonly query?: string; readonly headers?: Record<string, string> }>> {
  const near = (sessionId.startsWith('A') ? 'B' : 'A') + sessionId.slice(1);
  return {
    nobody: {},
    'one with the id in the query': { query: `?session=${sessionId}&maya_session=${sessionId}` },
    'one with the id in other headers': { headers: { authorization: `Bearer ${sessionId}`, 'mcp-session-id': sessionId } },
    'one with the id in other cookies': { headers: { cookie: `session=${sessionId}; maya_session2=${sessionId}` } },
    'one with the id alone in the cookie': { headers: { cookie: `maya_session=${sessionId}` } },
    'one with the id under a signature of another': { headers: { cookie: `maya_session=${sessionId}.${other.cookie!.split('.')[1]!}` } },
    'one with a cookie near it': { headers: { cookie: guest.cookie!.replace(sessionId, near) } },
    'one with a header near it': { headers: { 'x-session-id': near, cookie: guest.cookie! } },
    'one with the id twice in the cookie': { headers: { cookie: `maya_session=${sessionId}%00${sessionId}` } },
  };
}

async function ask(
  { method, path }: Route,
  { query = '', headers = {} }: { readonly query?: string; readonly headers?: Record<string, string> },
): Promise<{ status: number; text: string }> {
  const asked = new AbortController();
  const init = { method, headers, signal: asked.signal, ...(method !== 'GET' && { body: JSON.stringify(bodyFor(path)) }) };
  const response = await fetch(new URL(path.replaceAll(/:\w+/g, sessionId) + query, bar.url), { redirect: 'manual', ...init });
  const isEndless = response.ok && path === '/api/events';
  const text = isEndless ? SECRET : await response.text();
  asked.abort();
  return { status: response.status, text };
}

describe('somebody else', () => {
  it('comes to no part of a guest’s session, by any route', async () => {
    expect(routes().length).toBeGreaterThan(15);
    for (const route of routes())
      for (const [who, stranger] of Object.entries(strangers())) {
        const { text } = await ask(route, stranger);
        const leaked = [SECRET, 'Rosalind', 'dry martini'].filter((part) => text.includes(part));
        expect([route, who, leaked]).toEqual([route, who, []]);
      }
    expect(await guest.session()).toEqual(before);
  });

  it('is refused with INVALID_SESSION by every route that needs a session', async () => {
    const needing = routes().filter(({ method, path }) => !OPEN_ROUTES.has(`${method} ${path}`));
    expect(needing.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'DELETE /api/keys',
      'GET /api/events',
      'POST /api/chat/stop',
      'POST /api/pay',
      'POST /api/pay/cancel',
      'POST /api/reset',
      'POST /api/session/link',
      'POST /api/tip',
    ]);
    for (const route of needing)
      for (const [who, stranger] of Object.entries(strangers())) {
        const { status, text } = await ask(route, stranger);
        expect([route, who, status, text]).toEqual([route, who, 401, expect.stringContaining('INVALID_SESSION') as string]);
      }
  });

  it('who has a session of their own gets that one', async () => {
    await other.say('a tap beer please');
    expect((await other.session()).messages).toHaveLength(4);
    const headers = { cookie: `${other.cookie}; other=${sessionId}` };
    expect((await ask({ method: 'GET', path: '/api/session' }, { headers })).text).not.toContain(SECRET);
    expect((await (await other.post('/api/tip', { percentage: 10 })).json()) as SessionView).toMatchObject({
      payment: { tab: 500, tip: 50 },
    });
    expect(await guest.session()).toEqual(before);
  });
});

/** Routes that answer everybody; whose session is none of their business. */
const OPEN_ROUTES = new Set([
  'GET /healthz',
  'GET /metrics',
  'GET /openapi.json',
  'POST /api/chat',
  'GET /api/keys',
  'POST /api/keys',
  'GET /api/session',
  'GET /pay/style.css',
  'GET /pay/:id',
  'POST /pay/:id/confirm',
  'POST /pay/:id/decline',
  'GET /continue/:token',
  'POST /continue/:token',
  'POST /mcp',
  'GET /mcp',
  'DELETE /mcp',
]);

describe('a client without cookies', () => {
  it('names its session in the header X-Session-ID, which the first answer tells', async () => {
    const say = (header: string): Promise<Response> =>
      bar.visitor().request('/api/chat', {
        method: 'POST',
        headers: { 'x-session-id': header },
        body: JSON.stringify({ id: crypto.randomUUID(), text: 'a rum please' }),
      });
    const first = await say('new');
    await first.text();
    expect(first.headers.getSetCookie()).toEqual([]);
    const id = first.headers.get('x-session-id')!;
    expect(id).toMatch(/^[\w-]{22}$/);
    const second = await say(id);
    await second.text();
    expect(second.headers.get('x-session-id')).toBeNull();
    const { session } = (await (await bar.visitor().request('/api/session', { headers: { 'x-session-id': id } })).json()) as {
      session: SessionView;
    };
    expect(session.payment.tab).toBe(1400);
  });

  it('gets no session under an id of its own choice', async () => {
    const chosen = 'C'.repeat(22);
    const init = { method: 'POST', headers: { 'x-session-id': chosen }, body: JSON.stringify({ id: 'own', text: 'a rum please' }) };
    const response = await bar.visitor().request('/api/chat', init);
    await response.text();
    expect(response.headers.get('x-session-id')).not.toBe(chosen);
    expect(await bar.maya.state.conversation(chosen).exists()).toBe(false);
  });
});
