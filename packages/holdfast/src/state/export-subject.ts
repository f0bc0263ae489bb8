import { replay, toCheckpoint, type Checkpoint } from '../history/index.ts';
import { parseShown, SUBJECT_SCOPE } from '../secret/index.ts';
import { COLLECTION, type EntityRecord, type ItemRecord, type Store } from '../store/index.ts';
import type { EntityAddress, Scope } from '../scope/index.ts';
import type { EffectRecord } from './effect-intent.ts';

const PAGE = 200;

/** Everything that is kept of one entity now, as JSON; secrets are their fingerprints. */
export interface ExportedEntity {
  readonly entity: EntityAddress;
  /** By state name, as they were recorded, whatever their definitions are today. */
  readonly states: Readonly<Record<string, { readonly version: number; readonly definitionVersion: number; readonly value: unknown }>>;
  readonly checkpoints: readonly Checkpoint[];
  readonly effects: readonly (EffectRecord & { readonly name: string; readonly key: string })[];
}

/** The entities of a subject, one by one. */
export async function* exportSubject(store: Store, subject: string): AsyncGenerator<ExportedEntity, void, undefined> {
  for (let after: EntityRecord | undefined; ;) {
    const page: readonly EntityRecord[] = await store.entities({ subject }, after, PAGE);
    for (const entity of page) if (entity.scope !== SUBJECT_SCOPE) yield await exported(store, entity);
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}

async function exported(store: Store, { eid, scope, id }: EntityRecord): Promise<ExportedEntity> {
  const states: Record<string, ExportedEntity['states'][string]> = {};
  for (const { state } of await store.heads(eid)) {
    const loaded = await store.load(eid, state);
    if (!loaded) continue;
    const { version, defVersion, value } = replay(loaded);
    states[state] = { version, definitionVersion: defVersion, value: parseShown(JSON.stringify(value)) };
  }
  const checkpoints = (await allItems(store, eid, COLLECTION.checkpoint)).map(toCheckpoint);
  const effects = (await allItems(store, eid, COLLECTION.effect)).map(({ key, body }) => {
    const slash = key.indexOf('/');
    return { name: key.slice(0, slash), key: key.slice(slash + 1), ...(JSON.parse(body) as EffectRecord) };
  });
  return { entity: { scope: scope as Scope, id }, states, checkpoints, effects };
}

async function allItems(store: Store, eid: number, collection: string): Promise<readonly ItemRecord[]> {
  const items: ItemRecord[] = [];
  for (let after: ItemRecord | undefined; ;) {
    const page: readonly ItemRecord[] = await store.items({ eid, collection }, after, PAGE);
    items.push(...page);
    after = page.at(-1);
    if (page.length < PAGE) return items;
  }
}
