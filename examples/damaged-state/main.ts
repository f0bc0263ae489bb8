// One bit rots on the disk: the state says so and names its last good version, the others go on, and you decide.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { defineState, isHoldfastError, StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { z } from 'zod';

const Notes = defineState({ name: 'notes', scope: 'conversation', schema: z.array(z.string()), initial: [] });

const directory = await mkdtemp(join(tmpdir(), 'damaged-state-'));
const path = join(directory, 'bar.db');
try {
  const before = await StateManager.open({ store: sqlite(path) });
  for (const id of ['anna', 'ben']) {
    const notes = await before.conversation(id).get(Notes);
    for (const note of ['first', 'second', 'third']) await notes.update((draft) => void draft.push(note));
  }
  await before.close();

  const disk = new DatabaseSync(path);
  disk.exec("UPDATE change SET body = replace(body, 'third', 'tgird') WHERE eid = (SELECT eid FROM entity WHERE id = 'anna')");
  disk.close();

  await using state = await StateManager.open({ store: sqlite(path) });
  const anna = state.conversation('anna');
  const error: unknown = await anna.get(Notes).catch((reason: unknown) => reason);
  assert(isHoldfastError(error, 'CORRUPT_STATE'));
  console.log(error.message);
  assert.equal(error.data.lastGoodVersion, 2);
  assert.deepEqual(await anna.readVersion(Notes, 2), ['first', 'second']);
  assert.deepEqual((await state.conversation('ben').get(Notes)).current, ['first', 'second', 'third']);

  const notes = await anna.acceptVersion(Notes, 2);
  await notes.update((draft) => void draft.push('third, again'));
  console.log('gone on from the last good version:', notes.current);
  assert.deepEqual(notes.current, ['first', 'second', 'third, again']);
} finally {
  await rm(directory, { recursive: true, force: true });
}
