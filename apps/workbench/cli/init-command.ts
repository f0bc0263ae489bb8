import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configPath } from '../config/config-file.ts';
import { makeHome } from '../home.ts';
import type { CommandContext } from './command-context.ts';

export interface InitOptions {
  readonly systemd?: boolean;
}

const UNIT = 'holdfast-workbench.service';

/** What a person begins with: tokens are named, not written. */
const CONFIG = {
  jira: { server: '${JIRA_SERVER}', project: 'AAP', email: '${JIRA_EMAIL}', token: '${JIRA_TOKEN}' },
  gitlab: { url: '${GITLAB_URL:-https://gitlab.com}', token: '${GITLAB_TOKEN}' },
  repositories: {},
  schedules: { enabled: false, timezone: 'America/New_York', execution_mode: 'claude_cli', jobs: [] },
  personas: {},
};

/** Makes what the Workbench needs. What is there is left as it is. */
export async function initCommand({ home, project, environment, output }: CommandContext, { systemd = false }: InitOptions): Promise<void> {
  makeHome(home);
  const config = configPath(project, environment);
  mkdirSync(dirname(config), { recursive: true });
  const made = { home, config, isConfigNew: writeNew(config, `${JSON.stringify(CONFIG, undefined, 2)}\n`) };
  const unit = systemd ? unitPath(environment) : undefined;
  if (unit !== undefined) {
    mkdirSync(dirname(unit), { recursive: true });
    writeFileSync(unit, unitText(home, config));
  }
  const lines = [
    `The home is ${home}.`,
    made.isConfigNew ? `Wrote ${config}; fill it in.` : `${config} was there, and is left as it is.`,
    ...(unit === undefined
      ? []
      : [`Wrote ${unit}. Start it with \`systemctl --user daemon-reload && systemctl --user enable --now ${UNIT}\`.`]),
  ];
  output.result({ ...made, ...(unit !== undefined && { unit }) }, lines.join('\n'));
  return await Promise.resolve();
}

/** False when something is there already. */
function writeNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function unitPath({ XDG_CONFIG_HOME: xdg, HOME: ofUser }: CommandContext['environment']): string {
  return join(xdg && isAbsolute(xdg) ? xdg : join(ofUser ?? homedir(), '.config'), 'systemd', 'user', UNIT);
}

/** `NotifyAccess=all`, because `systemd-notify` speaks for the process. */
function unitText(home: string, config: string): string {
  const command = [process.execPath, ...process.execArgv, fileURLToPath(new URL('main.ts', import.meta.url)), 'start'];
  return `[Unit]
Description=Holdfast Workbench: daemons of a developer's AI workflow

[Service]
Type=notify
NotifyAccess=all
ExecStart=${command.map(quoted).join(' ')}
Environment=${quoted(`AA_WORKFLOW_HOME=${home}`)} ${quoted(`AA_WORKFLOW_CONFIG=${config}`)}
Restart=on-failure
WatchdogSec=120
TimeoutStopSec=60

[Install]
WantedBy=default.target
`;
}

/** As systemd reads it: a percent sign and a dollar are doubled. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}
