import type { ConfigManager } from '../config/config-manager.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { cronModule } from './cron/cron-module.ts';
import type { DaemonModule, DaemonName } from './daemon.ts';
import { meetModule } from './meet/meet-module.ts';
import { meetSettings } from './meet/meet-settings.ts';
import { memoryDaemon } from './memory/memory-daemon.ts';
import { sessionModule } from './session/session-module.ts';
import { sprintModule } from './sprint/sprint-module.ts';
import { sprintSettings } from './sprint/sprint-settings.ts';

/** How each daemon is made of the configuration. */
const MODULES: Partial<Record<DaemonName, (config: ConfigManager) => DaemonModule>> = {
  cron: () => cronModule(),
  sprint: (config) => sprintModule(sprintSettings(config)),
  meet: (config) => meetModule(meetSettings(config)),
  session: () => sessionModule,
  memory: () => memoryDaemon,
};

/** Modules of daemons, as they are configured now; without names, all that there are. */
export function daemonModules(names: readonly DaemonName[], config: ConfigManager): readonly DaemonModule[] {
  const wanted = names.length > 0 ? names : (Object.keys(MODULES) as DaemonName[]);
  return wanted.map((name) => {
    const make = MODULES[name];
    if (!make) throw new WorkbenchError('NOT_FOUND', `The ${name} daemon is not part of this program.`);
    return make(config);
  });
}
