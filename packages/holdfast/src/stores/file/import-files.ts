import { emptyCommit, type Store } from '../../store/index.ts';
import type { Reporter } from './report.ts';
import { readStateFile } from './state-file.ts';
import type { StatePlaces } from './state-places.ts';
import { parseState, type RecordedValue } from './state-text.ts';
import { posix } from 'node:path';
import { UnreadableText } from './unreadable-text.ts';
import { walkFiles } from './walk-files.ts';

/**
 * Makes first versions of the files that are in a directory before its store is, as they are written: they are checked when somebody reads them. What makes no
 * sense is left alone. States that have a version already are passed over, so an import that was cut short goes on.
 */
export async function importFiles({
  states,
  root,
  places,
  report,
}: {
  states: Store;
  root: string;
  places: StatePlaces;
  report: Reporter;
}): Promise<void> {
  for await (const { path: directory, files } of walkFiles(root, [])) {
    for (const name of files) {
      const path = posix.join(directory, name);
      const address = places.stateAt(path);
      const value = address && read(root, path, places);
      if (!address || !value) continue;
      const { scope, id, state } = address;
      const entity = await states.entity(scope, id);
      const eid = entity?.eid ?? -1;
      const result = await states.commit([
        {
          ...emptyCommit(),
          meta: { actor: 'file', flags: ['file'] },
          creates: entity ? [] : [{ ref: -1, scope, id }],
          expects: [{ eid, state, version: 0 }],
          changes: [{ eid, state, version: 1, defVersion: value.defVersion, kind: 'full', body: JSON.stringify(value.value) }],
        },
      ]);
      if (result.ok) report({ kind: 'imported', path, address, message: `${path} is the first version of its state.` });
    }
  }
}

function read(root: string, path: string, places: StatePlaces): RecordedValue | undefined {
  const found = readStateFile(root, path);
  if (found.kind !== 'text') return undefined;
  try {
    return parseState(found.text, places.formatOf(path), 1);
  } catch (error) {
    if (error instanceof UnreadableText) return undefined;
    throw error;
  }
}
