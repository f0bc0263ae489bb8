import { isHoldfastError, type StateManager } from 'holdfast';
import type { FileStore } from 'holdfast/files';
import { z } from 'zod';
import { stateOfFile } from '../state-files.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { defineMethod, type Method } from './method.ts';

/** What clients can call of the files below the home that hold what cannot be taken. */
export function fileMethods({ state, store }: { state: StateManager; store: FileStore }): readonly Method[] {
  return [
    defineMethod({
      name: 'files_problems',
      title: 'List damaged files',
      description:
        'Lists the files that hold what cannot be taken, each with what is wrong and where. Their last good version is read-only until they are repaired or given up.',
      input: {},
      output: z.object({
        problems: z.array(
          z.object({ path: z.string(), kind: z.string(), message: z.string(), line: z.int().nullable(), column: z.int().nullable() }),
        ),
      }),
      hints: { readOnly: true },
      run: () => ({
        problems: store.problems().map(({ path, kind, message, line = null, column = null }) => ({ path, kind, message, line, column })),
      }),
    }),
    defineMethod({
      name: 'files_accept',
      title: 'Give up a damaged file',
      description:
        'Writes the last good version of a state over its file that cannot be taken. What was in the file is gone then: repair it instead where something of it is wanted.',
      input: { path: z.string().min(1).max(256).describe('Below the home, as in workspace_states.json.') },
      output: z.object({ accepted: z.string() }),
      hints: { readOnly: false, destructive: true, idempotent: true },
      run: async ({ path }) => {
        const name = stateOfFile(path);
        const isDamaged = store.problems().some((problem) => problem.path === path);
        if (name === undefined || !isDamaged)
          throw new WorkbenchError('NOT_FOUND', `There is no damaged file ${JSON.stringify(path)}; files_problems tells which there are.`);
        await acceptHead(store, state, name);
        return { accepted: path };
      },
    }),
  ];
}

async function acceptHead(store: FileStore, state: StateManager, name: string): Promise<void> {
  try {
    await store.acceptHead(state.global(), name);
  } catch (error) {
    if (!isHoldfastError(error, 'NOT_FOUND')) throw error;
    throw new WorkbenchError('REFUSED', 'No version of it was ever good: repair the file, or move it away.', { cause: error });
  }
}
