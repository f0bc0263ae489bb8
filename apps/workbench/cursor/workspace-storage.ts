import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { folderOf } from '../workspaces/project-of-folder.ts';

/** More windows than anybody has opened. */
const MAX_FOLDERS = 5_000;
const MAX_BYTES = 65_536;
/** What is not there in time was opened meanwhile; it is found by the next look. */
const LOOK_EVERY_MS = 5_000;

/** Where Cursor keeps what is its user's. */
export function cursorUserFolder(
  platform: NodeJS.Platform = process.platform,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const home = environment['HOME'] ?? homedir();
  if (platform === 'darwin') return join(home, 'Library/Application Support/Cursor/User');
  if (platform === 'win32') return join(environment['APPDATA'] ?? join(home, 'AppData/Roaming'), 'Cursor/User');
  return join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'Cursor/User');
}

/** Which folders below `workspaceStorage` are of which workspace: there may be several of one. */
export class WorkspaceStorage {
  readonly #root: string;
  readonly #now: () => number;
  #byFolder = new Map<string, { readonly uri: string; readonly databases: string[] }>();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(userFolder: string, now: () => number) {
    this.#root = join(userFolder, 'workspaceStorage');
    this.#now = now;
  }

  /** Of all workspaces that Cursor knows, as it writes them. */
  uris(): readonly string[] {
    this.#lookIfDue();
    return Array.from(this.#byFolder.values(), ({ uri }) => uri);
  }

  /** Paths of the databases of a workspace; empty when Cursor does not know it. Looks at all folders, at most every 5 s. */
  databasesOf(uri: string): readonly string[] {
    this.#lookIfDue();
    return this.#byFolder.get(folderOf(uri) ?? '')?.databases ?? [];
  }

  #lookIfDue(): void {
    const now = this.#now();
    if (Math.abs(now - this.#lookedAt) < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    this.#byFolder = new Map();
    for (const name of namesIn(this.#root).slice(0, MAX_FOLDERS)) {
      const uri = workspaceUri(join(this.#root, name, 'workspace.json'));
      const folder = uri === undefined ? undefined : folderOf(uri);
      const database = join(this.#root, name, 'state.vscdb');
      if (uri === undefined || folder === undefined || !isFile(database)) continue;
      const known = this.#byFolder.get(folder);
      if (known) known.databases.push(database);
      else this.#byFolder.set(folder, { uri, databases: [database] });
    }
  }
}

/** What is no description of a workspace is none of ours. */
function workspaceUri(path: string): string | undefined {
  try {
    if (statSync(path).size > MAX_BYTES) return undefined;
    const { folder, workspace } = JSON.parse(readFileSync(path, 'utf8')) as { folder?: unknown; workspace?: unknown };
    const uri = folder ?? workspace;
    return typeof uri === 'string' ? uri : undefined;
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
