import type { ConfigManager } from '../../config/config-manager.ts';
import type { SprintSettings } from './sprint-module.ts';

/**
 * The settings of the sprint daemon: the section `sprint` (`file`, `jql`, `command`, `timezone`) and Jira's server and token. Issues come from the file where one is
 * named, else from Jira where there is a token.
 */
export function sprintSettings(config: ConfigManager): SprintSettings {
  const { file, jql, command, timezone } = config.get('sprint') ?? {};
  const { server, project, email, token } = config.get('jira') ?? {};
  const query =
    typeof jql === 'string'
      ? jql
      : `project = ${quoted(project ?? '')} AND sprint in openSprints() AND assignee = currentUser() ORDER BY rank`;
  return {
    ...(typeof file === 'string'
      ? { file }
      : server !== undefined && token && { jira: { server, token, jql: query, ...(email !== undefined && { email }) } }),
    ...(isCommand(command) && { worker: { command } }),
    ...(typeof timezone === 'string' && { timeZone: timezone }),
  };
}

/** As a text in Jira's query language. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

function isCommand(command: unknown): command is readonly [string, ...string[]] {
  return Array.isArray(command) && command.length > 0 && command.every((part) => typeof part === 'string');
}
