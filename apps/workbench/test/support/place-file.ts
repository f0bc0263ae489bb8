import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Puts a file of test/fixtures where an older system would have left it. */
export function placeFile(fixture: string, home: string, path: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  cpSync(fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url)), join(home, path));
}
