import type { Commit, EntityCreation } from '../store/index.ts';
import type { EntityCell } from './entity-cell.ts';
import type { Plan } from './job.ts';
import type { StateCell } from './state-cell.ts';

export interface ViewedSnapshot {
  readonly version: number;
  readonly value: unknown;
  readonly defVersion: number;
}

/** What the jobs of a batch see: confirmed snapshots, overlaid with those that earlier jobs of the batch are about to make. */
export class BatchView {
  readonly #next = new Map<StateCell, ViewedSnapshot>();
  readonly #created = new Set<number>();
  readonly #keys = new Set<string>();
  readonly #dropped = new Set<number>();

  snapshot(cell: StateCell): ViewedSnapshot {
    return this.#next.get(cell) ?? cell;
  }

  /** The entity's eid, or its ref while it has none. */
  eid(entity: EntityCell): number {
    return entity.eid ?? entity.ref;
  }

  /** The creations that a commit touching the entity must carry because nobody has made them yet; a parent comes before its child. */
  creations(entity: EntityCell): readonly EntityCreation[] {
    if (this.exists(entity)) return [];
    const { parent } = entity;
    const own = {
      ref: entity.ref,
      scope: entity.scope,
      id: entity.id,
      subject: entity.subject ?? entity.name,
      ...(parent && { parent: this.eid(parent) }),
      ...(entity.origin && { origin: entity.origin }),
      ...(entity.ttlMs !== undefined && { ttlMs: entity.ttlMs }),
    };
    return parent ? [...this.creations(parent), own] : [own];
  }

  /** What a commit that was computed from these states says of them: which versions they had, and which of their entities were not there. `makes` are those it makes itself. */
  readings(cells: readonly StateCell[], makes: readonly EntityCell[] = []): Pick<Commit, 'absent' | 'expects'> {
    const absent: Commit['absent'][number][] = [];
    const expects: Commit['expects'][number][] = [];
    for (const cell of cells) {
      const { entity, state } = cell;
      const { ref, scope, id } = entity;
      if (this.exists(entity) || makes.includes(entity))
        expects.push({ eid: this.eid(entity), state, version: this.snapshot(cell).version });
      else if (!absent.some((each) => each.ref === ref)) absent.push({ ref, scope, id });
    }
    return { absent, expects };
  }

  /** Whether the entity will be there when the batch is applied up to here. */
  exists(entity: EntityCell): boolean {
    return entity.eid !== undefined || this.#created.has(entity.ref);
  }

  /** Whether an earlier job of the batch uses the idempotency key; its result is not known before the batch is confirmed. */
  isKeyTaken(entity: EntityCell, key: string): boolean {
    return this.#keys.has(`${this.eid(entity)}:${key}`);
  }

  /** Whether an earlier job of the batch deletes one of the entities, which is true only once the batch is confirmed. */
  isAnyDropped(entities: Iterable<EntityCell>): boolean {
    if (this.#dropped.size === 0) return false;
    for (const entity of entities) if (this.#dropped.has(this.eid(entity))) return true;
    return false;
  }

  accept(plan: Plan): void {
    for (const eid of plan.commit.drops) this.#dropped.add(eid);
    if (plan.commit.idempotency) this.#keys.add(`${plan.commit.idempotency.eid}:${plan.commit.idempotency.key}`);
    for (const creation of plan.commit.creates) this.#created.add(creation.ref);
    for (const next of plan.next) this.#next.set(next.cell, next);
  }
}
