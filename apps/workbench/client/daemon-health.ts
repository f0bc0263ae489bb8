import type { Clock } from '../clock.ts';
import type { DaemonName } from '../daemons/daemon.ts';
import { DAEMONS } from '../daemons/daemon.ts';
import type { DaemonStatus } from '../daemons/run-daemon.ts';
import { connectDaemon } from './daemon-client.ts';
import type { OverviewSource } from './overview.ts';
import type { HealthView } from './views.ts';

const LOOK_EVERY_MS = 5_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** How the daemons of a home are, asked of each by its socket every 5 s: one that does not answer is not running. */
export function daemonHealth(home: string, clock: Clock, environment: Environment): OverviewSource<readonly HealthView[]> {
  return {
    read: () => Promise.all(DAEMONS.map((name) => healthOf(name, home, environment))),
    subscribe(changed) {
      let timer: Disposable;
      const look = (): void => {
        timer = clock.after(LOOK_EVERY_MS, look);
        changed();
      };
      timer = clock.after(LOOK_EVERY_MS, look);
      return () => timer[Symbol.dispose]();
    },
  };
}

async function healthOf(name: DaemonName, home: string, environment: Environment): Promise<HealthView> {
  try {
    using client = await connectDaemon({ home, daemon: name, environment, via: 'socket' });
    const { health, uptimeSeconds } = (await client.call('GetStatus')) as DaemonStatus;
    return { name, status: health.level, message: health.message, checks: health.checks, uptimeSeconds };
  } catch {
    return { name, status: 'stopped', message: '', checks: {}, uptimeSeconds: null };
  }
}
