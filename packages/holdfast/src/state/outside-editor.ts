import { loadCell, writeRecords, type EntityCell, type StateReader } from '../commit/index.ts';
import { applyPatches, detach, difference, mergeThreeWay } from '../cow/index.ts';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import type { Scope } from '../scope/index.ts';
import type { EditOutcome, OutsideEdit, OutsideEdits, RecordedBody } from '../store/index.ts';
import type { StateDefinition } from './definition.ts';
import { definitionReader } from './definition-reader.ts';
import type { EngineContext } from './engine-context.ts';
import type { Participant } from './recipe-outcome.ts';
import { runRecipe } from './run-recipe.ts';

/** Who is said to have made an edit. */
const ACTOR = 'file';
/** How long an edit that was committed is known, so that no process commits it again. */
const REMEMBER_MS = 3_600_000;

/** What an edit says, and what it was made from, in the shape of the definition. */
interface ShapedEdit {
  readonly base: unknown;
  readonly edited: unknown;
}

/**
 * Makes commits of what people edited outside of the engine: checked as every recipe is, and merged with what was committed since. Edits of states whose
 * definition nobody has used yet wait.
 */
export class OutsideEditor {
  readonly #context: EngineContext;
  readonly #outside: OutsideEdits;
  readonly #definitions = new Map<string, StateDefinition<unknown>>();
  readonly #unsubscribe: () => void;
  #running: Promise<void> = Promise.resolve();

  constructor(context: EngineContext, outside: OutsideEdits) {
    this.#context = context;
    this.#outside = outside;
    this.#unsubscribe = outside.signal(() => void this.takeAll());
  }

  /** Called before a state is read: what was edited before is committed first. */
  async admit(entity: EntityCell, definition: StateDefinition<unknown>): Promise<void> {
    this.#definitions.set(nameOf(definition.scope, definition.name), definition);
    await this.#outside.look({ scope: entity.scope, id: entity.id, state: definition.name });
    if (this.#outside.pending().length > 0) await this.takeAll();
  }

  /** Commits or refuses every edit that waits and whose definition is in use. A store that does not answer is asked again at its next signal. */
  takeAll(): Promise<void> {
    this.#running = this.#running.then(() => this.#takeAll());
    return this.#running;
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await this.#running;
  }

  async #takeAll(): Promise<void> {
    for (const edit of this.#outside.pending()) {
      const definition = this.#definitions.get(nameOf(edit.scope, edit.state));
      if (!definition) continue;
      try {
        await this.#outside.settle(edit, await this.#outcome(edit, definition));
      } catch (error) {
        if (!isHoldfastError(error, 'CLOSED')) this.#context.report(error);
      }
    }
  }

  async #outcome(edit: OutsideEdit, definition: StateDefinition<unknown>): Promise<EditOutcome> {
    const { registry, keys } = this.#context;
    const entity = registry.at(edit.scope as Scope, edit.id);
    await registry.resolve(entity);
    const cell = entity.cell(definition.name, definitionReader(definition, entity, keys));
    try {
      const isReadable = await this.#isReadable({ definition, cell });
      if (!isReadable) return await this.#replace(edit, { definition, cell });
      const shaped = await shapedEdit(edit, definition, cell.reader);
      return { kind: 'committed', conflicts: await this.#commit(edit, { definition, cell }, shaped) };
    } catch (error) {
      const outcome = refusal(error);
      if (!outcome) throw error;
      return outcome;
    }
  }

  /** Merges the edit into the state; answers the places where what was committed since stays. */
  async #commit(
    edit: OutsideEdit,
    participant: Participant,
    { base, edited }: ShapedEdit,
  ): Promise<readonly (readonly (string | number)[])[]> {
    const isNew = !edit.base;
    const { value } = await runRecipe(
      this.#context,
      [participant],
      ([draft]) => {
        if (isNew) return [];
        const ours = detach(draft);
        if (Array.isArray(ours) !== Array.isArray(edited)) throw wrongKind(edit, participant);
        const merged = mergeThreeWay(base, ours, edited);
        applyPatches(draft, difference(ours, merged.value));
        return merged.conflicts.map(({ path }) => [...path]);
      },
      { actor: ACTOR, idempotency: { key: edit.key, keepMs: REMEMBER_MS }, ...(isNew && { expectedVersion: 0 }) },
      {
        attached: { requires: [], puts: [], deletes: [], flags: ['file'], unmet: () => wrongKind(edit, participant) },
        ...(isNew && { replacement: { value: edited } }),
      },
    );
    return value;
  }

  /** Whether the head fits the definition. One that was imported may not, and an edit is how a person repairs it. */
  async #isReadable({ cell }: Participant): Promise<boolean> {
    if (!cell.stale) return true;
    try {
      await loadCell(this.#context.store, cell);
      return true;
    } catch (error) {
      if (isHoldfastError(error, 'VALIDATION_FAILED') || isHoldfastError(error, 'MIGRATION_FAILED')) return false;
      throw error;
    }
  }

  /** Writes the edit over a head that nobody can read, if that is what the edit was made from. */
  async #replace(edit: OutsideEdit, { definition, cell }: Participant): Promise<EditOutcome> {
    const { store, queue } = this.#context;
    const { entity, reader } = cell;
    const eid = entity.eid as number;
    const head = (await store.heads(eid)).find(({ state }) => state === definition.name);
    if (!head || !edit.base) throw wrongKind(edit, { definition, cell });
    const { edited } = await shapedEdit({ ...edit, base: edit.edited }, definition, reader);
    reader.read(JSON.parse(edit.edited.body), edit.edited.defVersion, head.version + 1);
    const body = JSON.stringify(reader.secrets ? reader.secrets.stored(edited) : edited);
    const change = { eid, state: definition.name, version: head.version + 1, defVersion: definition.version, kind: 'full', body } as const;
    await writeRecords(queue, entity, () => ({
      meta: { actor: ACTOR, flags: ['file'] },
      expects: [{ eid, state: definition.name, version: head.version }],
      changes: [change],
    }));
    cell.stale = true;
    return { kind: 'committed', conflicts: [] };
  }
}

async function shapedEdit(edit: OutsideEdit, definition: StateDefinition<unknown>, reader: StateReader): Promise<ShapedEdit> {
  await reader.secrets?.load();
  const { version, name, initial } = definition;
  const shaped = ({ defVersion, body }: RecordedBody): unknown => {
    const stored: unknown = JSON.parse(body);
    if (defVersion === version) return reader.secrets ? reader.secrets.revive(stored, true) : stored;
    if (defVersion < version) return reader.read(stored, defVersion, 0);
    const message = `The edit of ${name} of ${edit.scope}:${edit.id} has the shape of version ${defVersion} of its definition; this program knows ${version}.`;
    throw new HoldfastError('NEWER_VERSION', message, { what: name, found: defVersion, known: version });
  };
  return { base: edit.base ? shaped(edit.base) : initial, edited: shaped(edit.edited) };
}

/** What a person has to repair; undefined for what may pass. */
function refusal(error: unknown): EditOutcome | undefined {
  if (!isHoldfastError(error)) return undefined;
  if (isHoldfastError(error, 'VALIDATION_FAILED'))
    return { kind: 'refused', message: error.message, places: error.data.issues.map(({ path }) => path) };
  const isLasting = [
    'INVARIANT_VIOLATED',
    'MIGRATION_FAILED',
    'NEWER_VERSION',
    'CORRUPT_STATE',
    'SECRET_UNREADABLE',
    'INVALID_ARGUMENT',
  ].includes(error.code);
  return isLasting ? { kind: 'refused', message: error.message, places: [] } : undefined;
}

function wrongKind({ scope, id, state }: OutsideEdit, { definition }: Participant): HoldfastError {
  const wanted = Array.isArray(definition.initial) ? 'a list' : 'an object';
  const message = `The edit of ${state} of ${scope}:${id} is not ${wanted}, as the state is.`;
  return new HoldfastError('VALIDATION_FAILED', message, { entity: `${scope}:${id}`, state, issues: [{ path: [], message }] });
}

function nameOf(scope: string, state: string): string {
  return `${scope}/${state}`;
}
