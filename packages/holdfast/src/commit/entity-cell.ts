import { entityName, type Scope } from '../scope/index.ts';
import { HoldfastError } from '../errors/index.ts';
import type { EntityRecord } from '../store/index.ts';
import { StateCell, type StateReader } from './state-cell.ts';

let lastRef = 0;

/** Commits within this part of a lifetime put the expiry off once: on SQLite it is two pages besides the five that a small commit writes. */
const PUT_OFF_ONCE = 1 / 100;

/** One entity as this process knows it. Deleted and made anew, an entity gets another cell. */
export class EntityCell {
  readonly scope: Scope;
  readonly id: string;
  readonly name: string;
  /** Stands for the entity in a batch while it has no eid yet. */
  readonly ref: number = --lastRef;
  eid: number | undefined;
  /** Whether the entity was deleted; nothing can be read or written through this cell any more. */
  gone = false;
  /** The options it would be created with, or what is stored. */
  ttlMs: number | undefined;
  /** While it is not stored: the entity that it would belong to, which is made before it. */
  parent: EntityCell | undefined;
  subject: string | undefined;
  expiresAt: number | undefined;
  /** Of a fork: where it comes from. Its effects are simulated. */
  origin: EntityRecord['origin'];
  readonly states: Map<string, StateCell> = new Map();
  /** Called when a commit has changed a state of the entity, by whichever process; must return at once and not throw. */
  onChanged: (() => void) | undefined;
  #parentEid: number | undefined;
  /** When a commit of this process last put the expiry off, by this process's clock. */
  #putOffAt = Number.NEGATIVE_INFINITY;

  constructor(scope: Scope, id: string) {
    this.scope = scope;
    this.id = id;
    this.name = entityName({ scope, id });
  }

  /** Of the stored parent, which may have been deleted since. */
  get parentEid(): number | undefined {
    return this.#parentEid ?? this.parent?.eid;
  }

  /** Takes over what the store has. */
  bind(record: EntityRecord): void {
    this.eid = record.eid;
    this.#parentEid = record.parent;
    this.parent = undefined;
    this.ttlMs = record.ttlMs;
    this.subject = record.subject;
    this.expiresAt = record.expiresAt;
    this.origin = record.origin;
  }

  /** A commit of this process gave it its full lifetime again. Times in epoch ms, by the store's clock and by this process's. */
  putOff(expiresAt: number, now: number): void {
    this.expiresAt = expiresAt;
    this.#putOffAt = now;
  }

  /** The lifetime that a commit is to give it anew, if it is to; `now` by this process's clock, in epoch ms. */
  lifetimeDue(now: number): number | undefined {
    const { ttlMs } = this;
    const ageMs = now - this.#putOffAt;
    return ttlMs === undefined || (ageMs >= 0 && ageMs < ttlMs * PUT_OFF_ONCE) ? undefined : ttlMs;
  }

  cell(state: string, reader: StateReader): StateCell {
    let cell = this.states.get(state);
    if (!cell) {
      cell = new StateCell(this, state, reader);
      this.states.set(state, cell);
    }
    return cell;
  }

  assertThere(): void {
    if (this.gone)
      throw new HoldfastError('NOT_FOUND', `${this.name} was deleted; open it anew if it is to exist again.`, { what: this.name });
  }
}

/** The entities of the states, each once. */
export function entitiesOf(cells: readonly StateCell[]): readonly EntityCell[] {
  const entities: EntityCell[] = [];
  for (const { entity } of cells) if (!entities.includes(entity)) entities.push(entity);
  return entities;
}

/** The entities, with those that must be made before them. */
export function withParents(entities: readonly EntityCell[]): Iterable<EntityCell> {
  if (entities.every(({ eid, parent }) => eid !== undefined || !parent)) return entities;
  const all = new Set(entities);
  // A set that grows while it is walked is walked to its end.
  for (const { eid, parent } of all) if (eid === undefined && parent) all.add(parent);
  return all;
}
