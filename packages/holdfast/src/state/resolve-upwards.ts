import { isBehind, loadCell, type EntityCell } from '../commit/index.ts';
import { freezeParsed } from '../cow/index.ts';
import { replay } from '../history/index.ts';
import { GLOBAL_ID, type EntityAddress } from '../scope/index.ts';
import { isSecret, StateSecrets } from '../secret/index.ts';
import type { StateDefinition } from './definition.ts';
import { definitionReader } from './definition-reader.ts';
import type { EngineContext } from './engine-context.ts';
import { keepAlive } from './run-recipe.ts';

/** What one entity said to the question. */
export interface Asked {
  readonly entity: EntityAddress;
  /**
   * `answered`: it has something at the path, null counts. `absent`: its state has nothing there. `unwritten`: its state was never written, so that its
   * initial value was not asked.
   */
  readonly said: 'answered' | 'absent' | 'unwritten';
  /** Of the state that was asked; 0 when it was never written. */
  readonly version: number;
}

/** Who was asked, and what came of it. */
export interface Resolution {
  /** Undefined when nobody answered. */
  readonly value: unknown;
  readonly answeredBy?: EntityAddress;
  /** In the order of asking, the one that answered last. */
  readonly asked: readonly Asked[];
}

export interface Question {
  /** A state's name. */
  readonly state: string;
  /** From the state's root; empty for the whole state. */
  readonly path: readonly (string | number)[];
  /** The definition in use for a state of that name in a scope. */
  readonly definitionOf: (scope: string, state: string) => StateDefinition<unknown> | undefined;
}

/** Asks an entity, its parents and the global entity for what is at a path of their states of one name, until one has something there. */
export async function resolveUpwards(context: EngineContext, entity: EntityCell, question: Question): Promise<Resolution> {
  context.assertOpen();
  await context.follower.catchUp();
  const asked: Asked[] = [];
  for await (const cell of lineage(context, entity)) {
    const { scope, id } = cell;
    const { version, value } = await read(context, cell, question);
    const found = version === 0 ? undefined : valueAt(value, question.path);
    const said = version === 0 ? 'unwritten' : found ? 'answered' : 'absent';
    asked.push({ entity: { scope, id }, said, version });
    if (found) return { value: found.value, answeredBy: { scope, id }, asked };
  }
  return { value: undefined, asked };
}

/** The entity, its parents as far as they are still there, and the global entity, which is everybody's last parent. */
async function* lineage({ registry }: EngineContext, entity: EntityCell): AsyncGenerator<EntityCell, void, undefined> {
  for (let cell: EntityCell | undefined = entity; cell; cell = await registry.parentOf(cell)) {
    if (cell.scope === 'global') break;
    yield cell;
  }
  const global = registry.at('global', GLOBAL_ID);
  await registry.resolve(global);
  yield global;
}

/** The state in its definition's shape; as it was recorded where none is in use. Version 0 when it was never written. */
async function read(
  context: EngineContext,
  entity: EntityCell,
  { state, definitionOf }: Question,
): Promise<{ readonly version: number; readonly value: unknown }> {
  const { store, keys } = context;
  await context.registry.resolve(entity);
  entity.assertThere();
  if (entity.eid === undefined) return { version: 0, value: undefined };
  await keepAlive(context, entity);
  const definition = definitionOf(entity.scope, state);
  if (definition) {
    const cell = entity.cell(state, definitionReader(definition, entity, keys));
    if (isBehind(cell)) await loadCell(store, cell);
    return cell;
  }
  const loaded = await store.load(entity.eid, state);
  if (!loaded) return { version: 0, value: undefined };
  const { version, value } = replay(loaded);
  const secrets = new StateSecrets([], keys, state, entity);
  return { version, value: freezeParsed(await secrets.reviveAll(value), isSecret) };
}

/** What is at the path, of own keys only; undefined when there is nothing. */
function valueAt(root: unknown, path: readonly (string | number)[]): { readonly value: unknown } | undefined {
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || isSecret(value) || !Object.hasOwn(value, key)) return undefined;
    if (Array.isArray(value) && !Number.isInteger(Number(key))) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value === undefined ? undefined : { value };
}
