import { loadCell, writeRecords } from '../commit/index.ts';
import { COLLECTION, type CommitMeta, type ItemKey } from '../store/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { LookedAt, MigrationTarget } from './look-at-version.ts';
import { quarantineKey, quarantinePut } from './quarantine.ts';
import { storedBody } from './recipe-outcome.ts';

/**
 * Commits what follows from looking at a head: the new shape in full, or what cannot be migrated put aside. `aside` are the keys that are in quarantine
 * already; those of a state that can be read leave it.
 * @throws {HoldfastError} CONCURRENT_MODIFICATION when the head moved; {@link UnmetRequirement} when the data key did; NOT_FOUND, SECRET_UNREADABLE, VALIDATION_FAILED.
 */
export async function writeMigration(
  context: EngineContext,
  target: MigrationTarget,
  found: LookedAt,
  aside: readonly string[],
): Promise<void> {
  const { definition, entity, eid } = target;
  const { queue, now } = context;
  const { name } = definition;
  const expects = [{ eid, state: name, version: found.version }];
  const deletes = aside
    .filter((key) => key.startsWith(`${name}/`))
    .map((key): ItemKey => ({ eid, collection: COLLECTION.quarantine, key }));
  if (found.kind === 'older') {
    await writeShape(context, target, found, deletes);
  } else if (found.kind === 'failed') {
    const { loaded, reason, version } = found;
    // Damaged records cannot be read, and so not be copied: they stay where they are.
    if (!loaded || aside.includes(quarantineKey(name, version))) return;
    const put = quarantinePut(eid, name, loaded, reason, now());
    await writeRecords(queue, entity, () => ({ meta: because(`put version ${version} of ${name} aside`), expects, puts: [put] }));
  } else if (found.kind === 'current' && deletes.length > 0) {
    await writeRecords(queue, entity, () => ({ meta: because(`${name} can be read again`), expects, deletes }));
  }
}

async function writeShape(
  { queue, registry, store, report }: EngineContext,
  { definition, entity, eid }: MigrationTarget,
  { version, defVersion, reader: { secrets }, value }: Extract<LookedAt, { kind: 'older' }>,
  deletes: readonly ItemKey[],
): Promise<void> {
  const { name: state, version: newVersion } = definition;
  await writeRecords(
    queue,
    entity,
    () => {
      const sealed = secrets?.seal(value, undefined);
      const body = storedBody(definition, entity.name, secrets && sealed ? secrets.stored(sealed.after) : value);
      return {
        meta: because(`migrate ${state} from ${defVersion} to ${newVersion}`),
        expects: [{ eid, state, version }],
        requires: sealed?.requires ?? [],
        changes: [{ eid, state, version: version + 1, defVersion: newVersion, kind: 'full', body }],
        deletes,
      };
    },
    [],
    async () => await secrets?.ready(),
  );
  const inUse = registry.byEid(eid)?.states.get(state);
  if (!inUse || inUse.version > version) return;
  inUse.stale = true;
  await loadCell(store, inUse).catch(report);
}

function because(cause: string): CommitMeta {
  return { actor: 'migration', cause, flags: ['migration'] };
}
