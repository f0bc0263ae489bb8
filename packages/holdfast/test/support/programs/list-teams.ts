/** Prints the ids of the teams in the database at argv[2], which it opens read-only as the user argv[3], and proves that it could not write it. */
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { sqlite } from 'holdfast/sqlite';

const [, , path = '', user] = process.argv;
if (user !== undefined) process.setuid?.(Number(user));
for (const each of [path, dirname(path)]) {
  try {
    accessSync(each, constants.W_OK);
    throw new Error(`${each} can be written`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) throw error;
  }
}
const store = sqlite(path);
await store.open({ readOnly: true });
for (const { id } of await store.entities({ scope: 'team' }, undefined, 100)) process.stdout.write(`${id}\n`);
await store.close();
