import type { ConfigManager } from '../config/config-manager.ts';
import { cronModule } from './cron/cron-module.ts';
import { DAEMONS, type DaemonModule, type DaemonName } from './daemon.ts';
import { meetModule } from './meet/meet-module.ts';
import { meetSettings } from './meet/meet-settings.ts';
import { memoryDaemon } from './memory/memory-daemon.ts';
import { sessionModule } from './session/session-module.ts';
import { slackModule } from './slack/slack-module.ts';
import { slackSettings } from './slack/slack-settings.ts';
import { sprintModule } from './sprint/sprint-module.ts';
import { sprintSettings } from './sprint/sprint-settings.ts';

/** How each daemon is made of the configuration. */
const MODULES: Readonly<Record<DaemonName, (config: ConfigManager) => DaemonModule>> = {
  cron: () => cronModule(),
  sprint: (config) => sprintModule(sprintSettings(config)),
  meet: (config) => meetModule(meetSettings(config)),
  slack: (config) => slackModule(slackSettings(config)),
  session: () => sessionModule,
  memory: () => memoryDaemon,
};

/** Modules of daemons, as they are configured now; without names, all of them. */
export function daemonModules(names: readonly DaemonName[], config: ConfigManager): readonly DaemonModule[] {
  return (names.length > 0 ? names : DAEMONS).map((name) => MODULES[name](config));
}
