import type { Scope } from '../scope/index.ts';
import type { Store } from '../store/index.ts';
import { EntityCell } from './entity-cell.ts';
import { RecentlyUsed } from './recently-used.ts';

/**
 * The entities that this process has in use, by address and by eid. It keeps those used last; any other one stays for as long as a handle, a job or a
 * subscription holds it, and is read anew when it is asked for again.
 */
export class EntityRegistry {
  readonly #store: Store;
  readonly #byAddress = new Map<string, WeakRef<EntityCell>>();
  readonly #byEid = new Map<number, WeakRef<EntityCell>>();
  readonly #recent = new RecentlyUsed();
  /** Entities that must stay although no handle may be left, with how many ask for it. */
  readonly #kept = new Map<EntityCell, number>();
  readonly #collected = new FinalizationRegistry<{ readonly address: string } | { readonly eid: number }>((key) => {
    if ('address' in key) removeDead(this.#byAddress, key.address);
    else removeDead(this.#byEid, key.eid);
  });

  constructor(store: Store) {
    this.#store = store;
  }

  /** The entity's cell; a new one when it is not known or was deleted. */
  at(scope: Scope, id: string): EntityCell {
    const address = `${scope}:${id}`;
    let entity = this.#byAddress.get(address)?.deref();
    if (!entity) {
      entity = new EntityCell(scope, id);
      this.#byAddress.set(address, new WeakRef(entity));
      this.#collected.register(entity, { address });
    }
    this.#recent.use(entity);
    return entity;
  }

  find(scope: string, id: string): EntityCell | undefined {
    return this.#byAddress.get(`${scope}:${id}`)?.deref();
  }

  byEid(eid: number): EntityCell | undefined {
    return this.#byEid.get(eid)?.deref();
  }

  /** Holds the entity in memory until the returned function is called, which may be done more than once. */
  keep(entity: EntityCell): () => void {
    this.#kept.set(entity, (this.#kept.get(entity) ?? 0) + 1);
    let isKept = true;
    return () => {
      if (!isKept) return;
      isKept = false;
      const others = (this.#kept.get(entity) ?? 1) - 1;
      if (others === 0) this.#kept.delete(entity);
      else this.#kept.set(entity, others);
    };
  }

  /** Binds the cell to what is stored, if there is such an entity now. */
  async resolve(entity: EntityCell): Promise<void> {
    if (entity.eid !== undefined || entity.gone) return;
    const record = await this.#store.entity(entity.scope, entity.id);
    // Another call may have bound or deleted it while the store was asked.
    if (!record || entity.eid !== undefined || entity.gone) return;
    entity.bind(record);
    this.#index(entity, record.eid);
    for (const cell of entity.states.values()) cell.stale = true;
  }

  /** The entity that this one belongs to: the stored one, or what it would be made with; undefined when there is none, or none any more. */
  async parentOf(entity: EntityCell): Promise<EntityCell | undefined> {
    await this.resolve(entity);
    const { eid, parent, parentEid } = entity;
    if (eid === undefined) return parent;
    if (parentEid === undefined) return undefined;
    const known = this.byEid(parentEid);
    if (known) return known;
    const record = await this.#store.entityByEid(parentEid);
    if (!record) return undefined;
    const found = this.at(record.scope as Scope, record.id);
    await this.resolve(found);
    // Deleted meanwhile, and another one made under its name, it is not the parent.
    return found.eid === parentEid ? found : undefined;
  }

  /** The entity has been created by this process. */
  created(entity: EntityCell, eid: number): void {
    entity.eid = eid;
    this.#index(entity, eid);
  }

  /** Nothing that is in memory can be followed any more. */
  markStale(): void {
    for (const entity of this.#byEid.values()) for (const cell of entity.deref()?.states.values() ?? []) cell.stale = true;
  }

  dropped(entity: EntityCell): void {
    entity.gone = true;
    this.#recent.forget(entity);
    const address = `${entity.scope}:${entity.id}`;
    if (this.find(entity.scope, entity.id) === entity) this.#byAddress.delete(address);
    if (entity.eid !== undefined) this.#byEid.delete(entity.eid);
  }

  #index(entity: EntityCell, eid: number): void {
    this.#byEid.set(eid, new WeakRef(entity));
    this.#collected.register(entity, { eid });
  }
}

/** Removes what is collected, unless another cell has taken its place. */
function removeDead<Key>(cells: Map<Key, WeakRef<EntityCell>>, key: Key): void {
  if (cells.get(key)?.deref() === undefined) cells.delete(key);
}
