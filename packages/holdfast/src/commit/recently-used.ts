import type { EntityCell } from './entity-cell.ts';

/** So many entities stay in memory without anybody holding them. */
const MAX_ENTITIES = 1_000;
/** And so many characters of JSON, all states together: about 128 MB of values. */
const MAX_CHARACTERS = 33_554_432;

/** Holds the entities used last, so that a state which is asked for again and again without keeping its handle is not read anew each time. */
export class RecentlyUsed {
  /** In order of use, with the size that each had then. */
  readonly #sizes = new Map<EntityCell, number>();
  #characters = 0;

  use(entity: EntityCell): void {
    this.forget(entity);
    const size = sizeOf(entity);
    this.#sizes.set(entity, size);
    this.#characters += size;
    for (const oldest of this.#sizes.keys()) {
      if (this.#sizes.size <= MAX_ENTITIES && this.#characters <= MAX_CHARACTERS) return;
      this.forget(oldest);
    }
  }

  forget(entity: EntityCell): void {
    this.#characters -= this.#sizes.get(entity) ?? 0;
    this.#sizes.delete(entity);
  }
}

function sizeOf(entity: EntityCell): number {
  let characters = 0;
  for (const { fullBytes, logBytes } of entity.states.values()) characters += fullBytes + logBytes;
  return characters;
}
