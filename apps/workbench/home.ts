import { chmodSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of all that the Workbench keeps: `AA_WORKFLOW_HOME`, or `aa-workflow` in `XDG_CONFIG_HOME` or `~/.config`. Absolute; need not exist. */
export function workbenchHome(environment: Environment = process.env): string {
  const { AA_WORKFLOW_HOME: own, XDG_CONFIG_HOME: xdg } = environment;
  if (own) return resolve(own);
  // The XDG specification has relative paths ignored.
  return join(xdg && isAbsolute(xdg) ? xdg : join(environment['HOME'] ?? homedir(), '.config'), 'aa-workflow');
}

/** Makes the folder if need be, for its owner only (0700). */
export function makeHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
}
