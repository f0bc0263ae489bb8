import { systemClock } from '../clock.ts';
import { ConfigManager } from '../config/config-manager.ts';
import { daemonModules } from '../daemons/daemon-modules.ts';
import type { DaemonModule } from '../daemons/daemon.ts';
import { runDaemons } from '../daemons/run-daemons.ts';
import { SystemdNotifier } from '../daemons/systemd.ts';
import { busWay } from '../dbus/bus-way.ts';
import { socketWay } from '../dbus/socket-way.ts';
import { daemonNameOf } from '../daemons/daemon-name.ts';
import { makeLog } from '../log.ts';
import type { CommandContext } from './command-context.ts';

/** Runs daemons until the process is told to end. */
export async function startCommand(
  { home, project, logLevel, environment, output }: CommandContext,
  wanted: readonly string[],
): Promise<void> {
  const log = makeLog(logLevel);
  // Before anything is started: what is told to end meanwhile ends in order, too.
  const { promise: told, resolve } = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  const settings = { ...(project !== undefined && { project }), environment };
  const modules = configured([...new Set(wanted.map(daemonNameOf))], ConfigManager.open({ ...settings, clock: systemClock, log }));
  const running = await runDaemons({ home, log, modules, ...settings, waysIn: [busWay(environment), socketWay(environment)] });
  const names = modules.map(({ name }) => name);
  const systemd = new SystemdNotifier(environment, log);
  try {
    output.result({ running: names, home, pid: process.pid }, `${names.join(', ')} ${names.length === 1 ? 'runs' : 'run'} on ${home}.`);
    await systemd.ready(names.join(', '), () => Promise.all(running.daemons.map((daemon) => daemon.look())));
    const reason = await Promise.race([told, running.ending]);
    log.info({ reason }, 'ending');
  } finally {
    await systemd.stopping();
    await running.close();
  }
}

function configured(names: Parameters<typeof daemonModules>[0], config: ConfigManager): readonly DaemonModule[] {
  try {
    return daemonModules(names, config);
  } finally {
    config.close();
  }
}
