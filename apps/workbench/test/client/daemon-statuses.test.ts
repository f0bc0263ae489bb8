import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { daemonStatuses } from '../../client/daemon-statuses.ts';
import { socketPath } from '../../dbus/socket-path.ts';
import { socketWay } from '../../dbus/socket-way.ts';
import { echoModule } from '../support/echo-daemon.ts';
import { startDaemons } from '../support/start-daemons.ts';

test('daemons say how they are; one that is away and one that is silent fail alone', async () => {
  const { workbench } = await startDaemons({ modules: [echoModule('memory')], waysIn: [socketWay({})] });
  const silent = socketPath(workbench.home, 'slack', {});
  mkdirSync(dirname(silent), { recursive: true });
  const server = createServer((socket) => socket.on('error', () => socket.destroy())).listen(silent);
  onTestFinished(() => void server.close());
  const statuses = await daemonStatuses(['memory', 'cron', 'slack'], { home: workbench.home, environment: {}, answersWithinMs: 1_000 });
  expect(statuses.get('memory')).toMatchObject({ status: { name: 'memory', running: true } });
  expect(statuses.get('cron')).toEqual({ problem: 'The cron daemon does not run; start it with `holdfast-workbench start cron`.' });
  expect(statuses.get('slack')).toEqual({ problem: 'The slack daemon did not answer within 1 s.' });
});
