import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Daemon, DaemonModule } from '../../daemons/daemon.ts';
import { meetModule } from '../../daemons/meet/meet-module.ts';
import { slackModule } from '../../daemons/slack/slack-module.ts';
import { sprintModule } from '../../daemons/sprint/sprint-module.ts';
import type { Workbench } from '../../open-workbench.ts';
import { Performance } from '../../performance/performance.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';

async function start(module: DaemonModule, workbench: Workbench): Promise<Daemon> {
  await workbench.toggles.setServiceEnabled(module.name, true);
  const lease = await workbench.state.global().lease(`daemon:${module.name}`, { holder: 'test', ttlMs: 1e9 });
  const daemon = await module.create({ workbench, emit: () => undefined, lease: () => lease });
  onTestFinished(() => daemon.stop());
  await daemon.start();
  return daemon;
}

const calendars = { ics: [{ name: 'Anna', source: new URL('../fixtures/calendars/google.ics', import.meta.url).pathname }] };
const message = { channel: 'C1', text: 'hello' };

test.each([
  ['sprint_state_v2.json', sprintModule({}), 'enable', {}, { issues: {}, enabled: false }],
  ['slack_pending.json', slackModule({ channels: [] }), 'propose_message', message, { messages: {} }],
] as const)(
  'while %s cannot be taken, nothing is changed and the daemon says so; repaired, it works',
  async (file, module, method, input, repaired) => {
    const home = emptyFolder();
    const text = '{"what": "is this?"}';
    writeFileSync(join(home, file), text);
    const workbench = await openHome({ home });
    const daemon = await start(module, workbench);
    await expect(daemon.check()).resolves.toMatchObject({ checks: { file: false }, message: expect.stringContaining(file) as string });
    await expect(daemon.methods.call(method, input)).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining(file) as string,
    });
    await workbench.store.flush?.();
    expect(readFileSync(join(home, file), 'utf8')).toBe(text);

    writeFileSync(join(home, file), JSON.stringify(repaired));
    await expect
      .poll(
        () =>
          daemon.methods.call(method, input).then(
            () => true,
            () => false,
          ),
        { timeout: 10_000 },
      )
      .toBe(true);
    await expect(daemon.check()).resolves.toMatchObject({ checks: { file: true } });
  },
);

test('while meet_state.json cannot be taken it stays as it is, and meetings are told of all the same', async () => {
  const home = emptyFolder();
  writeFileSync(join(home, 'meet_state.json'), '{"upcomingMeetings": "none"}');
  const workbench = await openHome({ home });
  const daemon = await start(meetModule(calendars), workbench);
  await expect(daemon.check()).resolves.toMatchObject({
    checks: { file: false },
    message: expect.stringContaining('meet_state.json') as string,
  });
  await expect(daemon.methods.call('refresh', {})).resolves.toHaveProperty('upcomingMeetings');
  await workbench.store.flush?.();
  expect(readFileSync(join(home, 'meet_state.json'), 'utf8')).toBe('{"upcomingMeetings": "none"}');
});

test('while the file of a quarter cannot be taken, nothing is added to it', async () => {
  const home = emptyFolder();
  const workbench = await openHome({ home });
  const performance = new Performance(workbench);
  const { quarter } = performance;
  await performance.addEntry({ text: 'before' });
  await workbench.store.flush?.();
  const path = join(home, `performance/${quarter}.yaml`);
  const broken = `${readFileSync(path, 'utf8')}  - date: [`;
  writeFileSync(path, broken);
  await expect
    .poll(() => performance.addEntry({ text: 'after' }).catch((error: unknown) => error), { timeout: 10_000 })
    .toMatchObject({ code: 'REFUSED' });
  await workbench.store.flush?.();
  expect(readFileSync(path, 'utf8')).toBe(broken);
});
