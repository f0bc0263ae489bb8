import { runDaemons } from '../../../daemons/run-daemons.ts';
import { socketWay } from '../../../dbus/socket-way.ts';
import { makeLog } from '../../../log.ts';
import { echoModule } from '../echo-daemon.ts';

/** Runs the echo daemon in a process of its own: `home leaseMs`. Says `running`, or why not, in a line. */
const [home = '', leaseMs = ''] = process.argv.slice(2);
try {
  const running = await runDaemons({
    home,
    project: home,
    log: makeLog('silent'),
    modules: [echoModule()],
    waysIn: [socketWay(process.env)],
    leaseMs: Number(leaseMs),
  });
  process.once('SIGTERM', () => void running.close().then(() => process.stdout.write('ended\n')));
  process.stdout.write('running\n');
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
