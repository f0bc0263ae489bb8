import { join } from 'node:path';
import { Secret } from 'holdfast';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../clock.ts';
import { pendingState } from '../../daemons/slack/pending-state.ts';
import { slackModule } from '../../daemons/slack/slack-module.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';
import { RunningProgram } from '../support/run-program.ts';
import { SlackStandIn } from '../support/slack-stand-in.ts';
import { until } from '../support/until.ts';

/** Longer than the leases of the process that is killed. */
const LATER_MS = 120_000;

/** The daemon of a process that is killed while Slack has its request. */
async function killedWhileSending(slack: SlackStandIn, isPosted: boolean): Promise<string> {
  const home = join(emptyFolder(), 'home');
  const isAsked = Promise.withResolvers<void>();
  const program = new RunningProgram('send-a-message', [home, slack.url]);
  const kill = (): 'drop' => {
    program.child.kill('SIGKILL');
    isAsked.resolve();
    return 'drop';
  };
  if (isPosted) slack.onPosted = kill;
  else slack.before = (method) => (method === 'chat.postMessage' ? kill() : undefined);
  await isAsked.promise;
  await program.ended;
  [slack.onPosted, slack.before] = [() => undefined, () => undefined];
  return home;
}

async function nextDaemon(home: string, slack: SlackStandIn) {
  let ahead = LATER_MS;
  const clock = { now: () => systemClock.now() + ahead, after: systemClock.after.bind(systemClock) };
  const module = slackModule({ client: { token: Secret.of('xoxb-good'), apiUrl: slack.url }, channels: [], clock });
  const workbench = await openHome({ home, clock, effects: module.effects ?? [] });
  const lease = await workbench.state.global().lease('daemon:slack', { holder: 'next', ttlMs: 30_000 });
  const daemon = await module.create({ workbench, emit: () => undefined, lease: () => lease });
  onTestFinished(() => daemon.stop());
  await daemon.start();
  const pending = await workbench.state.global().get(pendingState);
  return { state: workbench.state, pending, pass: (ms: number) => void (ahead += ms) };
}

test.each(['before it is there', 'when it is there'])(
  'a process that is killed while Slack has its message, %s, sends it once',
  async (moment) => {
    await using slack = await SlackStandIn.start('C1');
    const isPosted = moment === 'when it is there';
    const home = await killedWhileSending(slack, isPosted);
    expect(slack.channels.get('C1')).toHaveLength(isPosted ? 1 : 0);

    const { state, pending, pass } = await nextDaemon(home, slack);
    const [id = ''] = Object.keys(pending.current.messages);
    await expect.poll(() => slack.calls.includes('conversations.history'), { timeout: 20_000 }).toBe(true);
    pass(61_000);
    await state.reconcile();
    await until(pending, ({ messages }) => messages[id]?.status === 'sent');
    expect(slack.channels.get('C1')).toMatchObject([{ text: 'exactly once' }]);
    expect(pending.current.messages[id]?.ts).toBe(slack.channels.get('C1')?.[0]?.ts);
    await expect.poll(() => state.global().unsettledEffects()).toEqual([]);
  },
);
