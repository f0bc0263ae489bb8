import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from 'holdfast';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../clock.ts';
import type { Daemon } from '../../../daemons/daemon.ts';
import { pendingState, type PendingMessage } from '../../../daemons/slack/pending-state.ts';
import { slackModule } from '../../../daemons/slack/slack-module.ts';
import type { Workbench } from '../../../open-workbench.ts';
import { emptyFolder, openHome } from '../../support/open-home.ts';
import { SlackStandIn } from '../../support/slack-stand-in.ts';
import { until } from '../../support/until.ts';

const CHANNEL = 'C024BE91L';
const HOUR = 3_600_000;

/** The machine's clock, which a test can put forward. */
class AheadClock {
  byMs = 0;
  readonly after = systemClock.after.bind(systemClock);
  now(): number {
    return systemClock.now() + this.byMs;
  }
}

async function scene({ token = 'xoxb-good', channels = [CHANNEL], home = join(emptyFolder(), 'home') } = {}) {
  const slack = await SlackStandIn.start(CHANNEL, 'C2');
  onTestFinished(() => slack[Symbol.asyncDispose]());
  const clock = new AheadClock();
  const module = slackModule({ client: { token: Secret.of(token), apiUrl: slack.url }, channels, clock });
  const workbench = await openHome({ home, clock, effects: module.effects ?? [] });
  const events: object[] = [];
  const running = await run(module, workbench, events);
  return { slack, clock, module, events, ...running };
}

async function run(module: ReturnType<typeof slackModule>, workbench: Workbench, events: object[] = []) {
  const { state } = workbench;
  const pending = await state.global().get(pendingState);
  await workbench.toggles.setServiceEnabled('slack', true);
  const lease = await state.global().lease('daemon:slack', { holder: 'test', ttlMs: 1e9 });
  const emit = (type: string, data: object): void => void events.push({ type, ...data });
  const daemon: Daemon = await module.create({ workbench, emit, lease: () => lease });
  const stop = async (): Promise<void> => {
    await daemon.stop();
    await lease.release();
  };
  onTestFinished(() => daemon.stop());
  await daemon.start();
  const call = async <T = Record<string, unknown>>(name: string, input: object = {}): Promise<T> =>
    (await daemon.methods.call(name, input)) as T;
  const propose = async (text: string, more: object = {}): Promise<string> =>
    (await call<{ id: string }>('propose_message', { channel: CHANNEL, text, ...more })).id;
  const ended = (id: string, status: PendingMessage['status']): Promise<unknown> =>
    until(pending, ({ messages }) => messages[id]?.status === status);
  return { daemon, stop, call, propose, ended, pending, state, workbench };
}

test('a message waits for approval, and is sent once when it is approved', async () => {
  const { call, propose, ended, slack, pending, events } = await scene();
  const id = await propose('Good morning', { reason: 'greeting' });
  expect(slack.channels.get(CHANNEL)).toEqual([]);
  await Promise.all([call('approve_message', { id }), call('approve_message', { id })]);
  await ended(id, 'sent');
  await call('approve_message', { id }).catch(() => undefined);
  expect(slack.channels.get(CHANNEL)).toMatchObject([{ text: 'Good morning', user: 'U0' }]);
  expect(pending.current.messages[id]).toMatchObject({
    status: 'sent',
    ts: slack.channels.get(CHANNEL)?.[0]?.ts,
    reason: 'greeting',
    error: null,
  });
  await expect.poll(() => events).toContainEqual({ type: 'message_changed', id, status: 'sent' });
});

test('an answer goes into its thread', async () => {
  const { call, propose, ended, slack } = await scene();
  const { ts } = slack.say(CHANNEL, 'Who can help?');
  const id = await propose('I can', { thread_ts: ts });
  await call('approve_message', { id });
  await ended(id, 'sent');
  expect(slack.channels.get(CHANNEL)).toMatchObject([{}, { text: 'I can', thread_ts: ts }]);
});

test('a rejected and a skipped message are not sent, and may be approved later', async () => {
  const { call, propose, ended, slack } = await scene();
  const [wrong, late] = [await propose('wrong'), await propose('late')];
  await call('reject_message', { id: wrong, reason: 'no' });
  await call('skip_message', { id: late });
  await expect(call('list_pending', { status: 'rejected' })).resolves.toMatchObject({ messages: [{ id: wrong, reason: 'no' }] });
  expect(slack.channels.get(CHANNEL)).toEqual([]);
  await call('approve_message', { id: late });
  await ended(late, 'sent');
  expect(slack.channels.get(CHANNEL)).toMatchObject([{ text: 'late' }]);
});

test('what Slack refuses waits for a decision again, with the reason', async () => {
  const { call, propose, slack, pending } = await scene();
  const id = await propose('hello');
  slack.before = (method) => (method === 'chat.postMessage' ? { body: { ok: false, error: 'is_archived' } } : undefined);
  await call('approve_message', { id });
  await until(pending, ({ messages }) => messages[id]?.error !== null);
  expect(pending.current.messages[id]).toMatchObject({
    status: 'pending',
    sending: null,
    error: expect.stringContaining('is_archived') as string,
  });
});

test('when Slack says to wait, the message is sent after that', async () => {
  const { call, propose, ended, slack } = await scene();
  let refusals = 2;
  slack.before = (method) =>
    method === 'chat.postMessage' && refusals-- > 0
      ? { status: 429, headers: { 'retry-after': '0' }, body: { ok: false, error: 'ratelimited' } }
      : undefined;
  const id = await propose('patient');
  await call('approve_message', { id });
  await ended(id, 'sent');
  expect(slack.channels.get(CHANNEL)).toHaveLength(1);
});

test('an answer that is lost is found in the history, and the message is not sent again', async () => {
  const { call, propose, ended, slack, state, pending } = await scene();
  slack.onPosted = () => 'drop';
  const { ts } = slack.say(CHANNEL, 'the thread');
  const [id, answer] = [await propose('once'), await propose('once more', { thread_ts: ts })];
  for (const each of [id, answer]) await call('approve_message', { id: each });
  await until(pending, ({ messages }) => messages[answer]?.error !== null && messages[id]?.error !== null);
  expect(pending.current.messages[id]).toMatchObject({ status: 'approved', error: expect.stringContaining('Nobody knows') as string });
  await state.reconcile();
  await Promise.all([ended(id, 'sent'), ended(answer, 'sent')]);
  expect(slack.channels.get(CHANNEL)).toHaveLength(3);
});

test('a message that did not arrive is sent again, once nothing can be on its way', async () => {
  const { call, propose, ended, slack, state, clock, pending } = await scene();
  slack.before = (method) => (method === 'chat.postMessage' ? 'drop' : undefined);
  const id = await propose('lost');
  await call('approve_message', { id });
  await until(pending, ({ messages }) => messages[id]?.error !== null);
  slack.before = () => undefined;
  await state.reconcile();
  expect(slack.channels.get(CHANNEL)).toEqual([]);
  clock.byMs += 61_000;
  await state.reconcile();
  await ended(id, 'sent');
  expect(slack.channels.get(CHANNEL)).toMatchObject([{ text: 'lost' }]);
});

test('with a token that is not accepted, what was approved stays approved until there is a good one', async () => {
  const home = join(emptyFolder(), 'home');
  const bad = await scene({ home, token: 'xoxb-bad' });
  const id = await bad.propose('later');
  await bad.call('approve_message', { id });
  await until(bad.pending, ({ messages }) => messages[id]?.error !== null);
  await expect(bad.call('refresh')).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('invalid_auth') as string,
  });
  await expect(bad.daemon.check()).resolves.toMatchObject({ checks: { slack: false } });
  expect(JSON.stringify([bad.pending.current, await bad.daemon.check()])).not.toContain('xoxb');
  await bad.stop();
  await bad.workbench.close();

  const good = await scene({ home });
  await good.state.reconcile();
  good.clock.byMs += 61_000;
  await good.state.reconcile();
  await good.ended(id, 'sent');
  expect(good.slack.channels.get(CHANNEL)).toMatchObject([{ text: 'later' }]);
});

test('a message that a person approves in the file is sent', async () => {
  const { propose, ended, workbench, slack } = await scene();
  const id = await propose('by hand');
  await workbench.store.flush?.();
  const path = join(workbench.home, 'slack_pending.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"status": "pending"', '"status": "approved"'));
  await ended(id, 'sent');
  expect(slack.channels.get(CHANNEL)).toHaveLength(1);
});

test('what was approved while no daemon ran is sent when one starts', async () => {
  const { propose, stop, pending, ended, slack, workbench, module } = await scene();
  const id = await propose('waiting');
  await stop();
  await pending.update(({ messages }) => void (messages[id]!.status = 'approved'));
  await run(module, workbench);
  await ended(id, 'sent');
  expect(slack.channels.get(CHANNEL)).toHaveLength(1);
});

test('what was dealt with is forgotten after a day, and what waits is not', async () => {
  const { call, propose, ended, stop, clock, pending, workbench } = await scene();
  const [sent, rejected, waiting] = [await propose('sent'), await propose('rejected'), await propose('waiting')];
  await call('approve_message', { id: sent });
  await call('reject_message', { id: rejected });
  await ended(sent, 'sent');
  await stop();
  const module = slackModule({ channels: [], clock });
  clock.byMs += 23 * HOUR;
  await (await run(module, workbench)).stop();
  expect(Object.keys(pending.current.messages)).toHaveLength(3);
  clock.byMs += 2 * HOUR;
  await run(module, workbench);
  expect(Object.keys(pending.current.messages)).toEqual([waiting]);
});

test('channels are read from where they were left, page by page, with the names of who speaks', async () => {
  const { call, slack, events } = await scene({ channels: [CHANNEL, 'C2'] });
  slack.users.set('U1', { name: 'bo', real_name: 'Bo Lind' });
  for (let n = 1; n <= 450; n++) slack.say(CHANNEL, `message ${n}`);
  await call('refresh');
  slack.say(CHANNEL, 'one more about the résumé');
  await call('refresh');
  const { messages } = await call<{ messages: { text: string; ts: string }[] }>('get_history', { channel: CHANNEL, limit: 2 });
  expect(messages).toMatchObject([{ text: 'one more about the résumé', user_name: 'Bo Lind' }, { text: 'message 450' }]);
  await expect(call('get_history', { channel: CHANNEL, before: messages[1]?.ts, limit: 1 })).resolves.toMatchObject({
    messages: [{ text: 'message 449' }],
  });
  await expect(call('search_messages', { words: 'resume' })).resolves.toMatchObject({ messages: [{ channel: CHANNEL }] });
  expect(events.filter((event) => 'added' in event)).toMatchObject([{ added: 450 }, { added: 1 }]);
  expect(slack.calls.filter((name) => name === 'users.info')).toHaveLength(1);
  await expect(call('list_channels')).resolves.toMatchObject({ channels: [{ channel: CHANNEL, ts: messages[0]?.ts }, { channel: 'C2' }] });
});

test('a channel that Slack refuses keeps no other one from being read', async () => {
  const { call, slack, daemon } = await scene({ channels: ['C404', CHANNEL] });
  slack.say(CHANNEL, 'here');
  await expect(call('refresh')).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('C404') as string });
  await expect(call('get_history', { channel: CHANNEL })).resolves.toMatchObject({ messages: [{ text: 'here' }] });
  await expect(daemon.check()).resolves.toMatchObject({ checks: { slack: false, history: true } });
});

test('when Slack is asked too often, it is left alone for as long as it says', async () => {
  const { call, slack, daemon } = await scene();
  await call('refresh');
  slack.before = () => ({ status: 429, headers: { 'retry-after': '600' }, body: { ok: false, error: 'ratelimited' } });
  await expect(call('refresh')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  const { next_poll } = daemon.stats();
  expect(Date.parse(String(next_poll)) - systemClock.now()).toBeGreaterThan(590_000);
});

test('of far too many messages the newest are read, and that others are missing is said', async () => {
  const { call, slack, daemon } = await scene();
  for (let n = 1; n <= 2_100; n++) slack.say(CHANNEL, `message ${n}`);
  await call('refresh');
  expect(daemon.stats()).toMatchObject({ messages: 2_000 });
  await expect(daemon.check()).resolves.toMatchObject({ message: expect.stringContaining('older ones are missing') as string });
});

test('without a token messages wait, nothing is read, and it says so', async () => {
  const workbench = await openHome();
  const { daemon, call, propose, pending } = await run(slackModule({ channels: [CHANNEL] }), workbench);
  const id = await propose('waits');
  await call('approve_message', { id });
  expect(pending.current.messages[id]).toMatchObject({ status: 'approved', sending: null });
  await expect(call('refresh')).rejects.toMatchObject({ code: 'REFUSED' });
  await expect(daemon.check()).resolves.toMatchObject({
    checks: { history: true },
    message: expect.stringContaining('No token') as string,
  });
});

test('a damaged slack_state.db stays as it is, and messages are sent all the same', async () => {
  const { workbench, slack, clock } = await scene();
  const home = join(emptyFolder(), 'home');
  const module = slackModule({ client: { token: Secret.of('xoxb-good'), apiUrl: slack.url }, channels: [CHANNEL], clock });
  const other = await openHome({ home, clock, effects: module.effects ?? [] });
  writeFileSync(join(home, 'slack_state.db'), 'no database '.repeat(100));
  const { call, propose, ended, daemon } = await run(module, other);
  await expect(daemon.check()).resolves.toMatchObject({
    checks: { history: false },
    message: expect.stringContaining('slack_state.db') as string,
  });
  const id = await propose('still');
  await call('approve_message', { id });
  await ended(id, 'sent');
  expect(readFileSync(join(home, 'slack_state.db'), 'utf8')).toBe('no database '.repeat(100));
  expect(workbench.home).not.toBe(home);
});

test.each([
  ['propose_message', { channel: '#general', text: 'x' }, 'INVALID_INPUT'],
  ['propose_message', { channel: CHANNEL, text: '' }, 'INVALID_INPUT'],
  ['propose_message', { channel: CHANNEL, text: 'x'.repeat(4_001) }, 'INVALID_INPUT'],
  ['approve_message', { id: '__proto__' }, 'INVALID_INPUT'],
  ['approve_message', { id: '7f0c61ab-5c0e-4d0d-9d8a-9a2c1c2b6a11' }, 'NOT_FOUND'],
  ['get_history', { channel: CHANNEL, limit: 100_000 }, 'INVALID_INPUT'],
] as const)('%s is refused with what does not fit (%#)', async (name, input, code) => {
  const { call } = await scene();
  await expect(call(name, input)).rejects.toMatchObject({ code });
});

test('500 messages wait at most', async () => {
  const { call, pending, propose } = await scene();
  const id = await propose('first');
  const message = pending.current.messages[id]!;
  await pending.update(({ messages }) => {
    for (let n = 1; n < 500; n++) messages[crypto.randomUUID()] = { ...message };
  });
  await expect(call('propose_message', { channel: CHANNEL, text: 'one more' })).rejects.toMatchObject({ code: 'REFUSED' });
});

test('a message that is being sent cannot be held back', async () => {
  const { call, propose, slack, pending } = await scene();
  slack.before = (method) => (method === 'chat.postMessage' ? 'drop' : undefined);
  const id = await propose('on its way');
  await call('approve_message', { id });
  await until(pending, ({ messages }) => messages[id]?.sending !== null);
  await expect(call('reject_message', { id })).rejects.toMatchObject({ code: 'REFUSED' });
  await expect(pending.update(({ messages }) => void delete messages[id])).rejects.toMatchObject({ code: 'INVARIANT_VIOLATED' });
});
