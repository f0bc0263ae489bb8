import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineState, freeForm, StateManager, type FreeForm, type StateDefinition } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { emptyCommit, type Store } from 'holdfast/store';
import { onTestFinished } from 'vitest';

const Notes: StateDefinition<FreeForm, 'conversation', 'notes'> = defineState({
  name: 'notes',
  scope: 'conversation',
  schema: freeForm,
  initial: {},
});

/** A path in a directory that goes with the test. */
export function freshPath(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-cli-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, name);
}

/** A SQLite store with a few notes and a checkpoint. */
export async function smallStore(): Promise<string> {
  const path = freshPath('small.db');
  await using state = await StateManager.open({ store: sqlite(path) });
  const anna = state.conversation('anna');
  const notes = await anna.get(Notes);
  const written: string[] = [];
  for (const note of ['one', 'two', 'three']) {
    written.push(note);
    await notes.set({ notes: [...written] });
  }
  await anna.checkpoint('now');
  return path;
}

/** A SQLite store with so many commits that copying it takes a while. */
export async function largeStore(commits: number): Promise<string> {
  const path = freshPath('large.db');
  const store = sqlite(path);
  await store.open();
  const body = JSON.stringify({ notes: ['x'.repeat(500)] });
  for (let from = 0; from < commits; from += 500) {
    const batch = Array.from({ length: Math.min(500, commits - from) }, (_, index) => ({
      ...emptyCommit(),
      creates: [{ ref: -1 - index, scope: 'conversation', id: `c${from + index}` }],
      changes: [{ eid: -1 - index, state: 'notes', version: 1, defVersion: 1, kind: 'full' as const, body }],
    }));
    await store.commit(batch);
  }
  await store.close();
  return path;
}

/** The notes that a store has, and those of the checkpoint. */
export async function notesIn(store: Store): Promise<unknown> {
  await using state = await StateManager.open({ store, readOnly: true });
  const anna = state.conversation('anna');
  const [checkpoint] = await anna.checkpoints();
  return { notes: (await anna.get(Notes)).current['notes'], checkpoint: checkpoint?.name };
}
