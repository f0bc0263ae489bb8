import { expect, test } from 'vitest';
import { readDaemons } from '../../client/daemon-sources.ts';
import { readSources } from '../../client/sources.ts';
import { socketWay } from '../../dbus/socket-way.ts';
import { WorkbenchError } from '../../workbench-error.ts';
import { echoModule } from '../support/echo-daemon.ts';
import { startDaemons } from '../support/start-daemons.ts';

test('sources are read side by side, and each fails alone', async () => {
  const sources = await readSources(
    {
      good: () => Promise.resolve(1),
      plain: () => 2,
      refused: () => Promise.reject(new WorkbenchError('NOT_FOUND', 'not there')),
      broken: () => {
        throw new TypeError('broken');
      },
      silent: () => Promise.withResolvers<never>().promise,
    },
    { timeoutMs: 50 },
  );
  expect(sources).toEqual({
    good: { ok: true, value: 1 },
    plain: { ok: true, value: 2 },
    refused: { ok: false, code: 'NOT_FOUND', message: 'not there' },
    broken: { ok: false, code: 'FAILED', message: 'broken' },
    silent: { ok: false, code: 'UNAVAILABLE', message: 'It did not answer within 0.05 s.' },
  });
});

test('daemons that run say how they are, whatever the others do', async () => {
  const { workbench } = await startDaemons({ modules: [echoModule('memory')], waysIn: [socketWay({})] });
  await expect(readDaemons(['memory', 'cron'], { home: workbench.home, environment: {} })).resolves.toMatchObject({
    memory: { ok: true, value: { name: 'memory', running: true } },
    cron: { ok: false, code: 'UNAVAILABLE' },
  });
});
