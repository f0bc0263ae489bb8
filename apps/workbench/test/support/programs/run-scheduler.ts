import { runDaemons } from '../../../daemons/run-daemons.ts';
import { cronModule } from '../../../daemons/cron/cron-module.ts';
import { makeLog } from '../../../log.ts';
import { laterClock } from '../later-clock.ts';

/** Runs the scheduler in a process of its own: `home project aheadMs`. Says `running`. */
const [home = '', project = '', aheadMs = ''] = process.argv.slice(2);
const running = await runDaemons({
  home,
  project,
  log: makeLog('silent'),
  clock: laterClock(Number(aheadMs)),
  modules: [cronModule()],
  waysIn: [],
});
process.once('SIGTERM', () => void running.close().then(() => process.exit(0)));
process.stdout.write('running\n');
// Nothing else keeps it alive.
setInterval(() => undefined, 1_000);
