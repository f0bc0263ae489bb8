import { fc, test } from '@fast-check/vitest';
import { defineState, isHoldfastError, StateManager, type EntityHandle, type StateHandle } from 'holdfast';
import { expect } from 'vitest';
import { z } from 'zod';
import { testStore } from '../support/test-store.ts';

/*
 * Properties, of a conversation of two states that keep few versions, and of one that is its partner in some checkpoints and commits:
 * 1. Whatever is committed, restored, forked, removed, pruned and reopened, both have the values that a plain model has.
 * 2. Every checkpoint that was not removed reads back what the model had when it was put, however old.
 * 3. The timeline lists these checkpoints in the order in which they were put, and the forks are those that were made and not deleted.
 */

const tallies = ['one', 'two'].map((name) =>
  defineState({
    name,
    scope: 'conversation',
    schema: z.strictObject({ count: z.int() }),
    initial: { count: 0 },
    retention: { versions: 3 },
  }),
);

/** On a disk each run takes half a second. */
const RUNS = process.env['HOLDFAST_STORE'] === 'sqlite' ? 12 : 40;

/** Counts by state name; a state without a version is missing. */
type Values = Readonly<Record<string, number>>;

const names = ['a', 'b', 'c'];
const who = fc.constantFrom('anna', 'ben');
const state = fc.constantFrom('one', 'two');
const name = fc.constantFrom(...names);
const amount = fc.integer({ min: 1, max: 9 });
const command = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('add' as const), who, state, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('give' as const), who, amount }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('checkpoint' as const), who, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('shared checkpoint' as const), name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restore' as const), who, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore shared' as const), name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), who, name }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fork' as const), who, name: fc.option(name, { nil: undefined }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete fork' as const), nth: fc.nat({ max: 5 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
);

interface ModelCheckpoint {
  readonly values: Values;
  /** Put on both at once. */
  readonly shared: boolean;
  readonly nth: number;
}

class Model {
  readonly values = new Map<string, Values>([
    ['anna', {}],
    ['ben', {}],
  ]);
  readonly checkpoints = new Map<string, ModelCheckpoint>();
  /** By id: what it was made of, and the values that it has. */
  readonly forks = new Map<string, { readonly of: string; readonly values: Values }>();
  #puts = 0;

  of(entity: string): Values {
    return this.values.get(entity)!;
  }

  add(entity: string, of: string, by: number): void {
    const now = this.of(entity);
    this.values.set(entity, { ...now, [of]: (now[of] ?? 0) + by });
  }

  /** Whether the name was free on all of them. */
  put(entities: readonly string[], as: string): boolean {
    if (entities.some((each) => this.checkpoints.has(`${each}/${as}`))) return false;
    this.#puts += 1;
    for (const each of entities)
      this.checkpoints.set(`${each}/${as}`, { values: this.of(each), shared: entities.length > 1, nth: this.#puts });
    return true;
  }

  /** States that were not there at the checkpoint get their initial value. */
  restore(entity: string, { values }: ModelCheckpoint): void {
    this.values.set(entity, Object.fromEntries(Object.keys(this.of(entity)).map((each) => [each, values[each] ?? 0])));
  }
}

test.prop([fc.array(command, { minLength: 5, maxLength: 60, size: 'max' })], { numRuns: Number(process.env['HOLDFAST_RUNS'] ?? RUNS) })(
  'checkpoints read back what there was, whatever happens since',
  async (commands) => {
    const store = testStore();
    let manager = await StateManager.open({ store });
    const model = new Model();
    const handle = async (entity: string, of: string): Promise<StateHandle<{ count: number }>> =>
      await manager.conversation(entity).get(tallies.find((tally) => tally.name === of)!);
    const add = async (entity: string, of: string, by: number): Promise<void> => {
      await (await handle(entity, of)).update((draft) => void (draft.count += by));
      model.add(entity, of, by);
    };
    for (const entity of ['anna', 'ben']) await add(entity, 'one', 1);
    for (const each of commands) {
      switch (each.kind) {
        case 'add':
          await add(each.who, each.state, each.amount);
          break;
        case 'give': {
          const other = each.who === 'anna' ? 'ben' : 'anna';
          await manager.transaction([await handle(each.who, 'two'), await handle(other, 'two')], ([from, to]) => {
            from.count -= each.amount;
            to.count += each.amount;
          });
          model.add(each.who, 'two', -each.amount);
          model.add(other, 'two', each.amount);
          break;
        }
        case 'checkpoint':
        case 'shared checkpoint': {
          const entities = each.kind === 'checkpoint' ? [each.who] : ['anna', 'ben'];
          const put =
            each.kind === 'checkpoint'
              ? manager.conversation(each.who).checkpoint(each.name)
              : manager.checkpoint(
                  each.name,
                  entities.map((id) => manager.conversation(id)),
                );
          if (model.put(entities, each.name)) await put;
          else await expect(put).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
          break;
        }
        case 'restore': {
          await handles(manager.conversation(each.who));
          const wanted = model.checkpoints.get(`${each.who}/${each.name}`);
          const restore = manager.conversation(each.who).restore(each.name);
          if (wanted) await unlessRefused(restore, () => model.restore(each.who, wanted));
          else await expect(restore).rejects.toMatchObject({ code: 'NOT_FOUND' });
          break;
        }
        case 'restore shared': {
          const both = ['anna', 'ben'].map((entity) => model.checkpoints.get(`${entity}/${each.name}`));
          const [one, other] = both;
          if (!one?.shared || one.nth !== other?.nth) break;
          for (const entity of ['anna', 'ben']) await handles(manager.conversation(entity));
          const found = (await manager.conversation('anna').checkpoints({ prefix: each.name }))[0]!;
          await unlessRefused(manager.restore(found), () => {
            model.restore('anna', one);
            model.restore('ben', other);
          });
          break;
        }
        case 'remove': {
          const remove = manager.conversation(each.who).removeCheckpoint(each.name);
          if (model.checkpoints.delete(`${each.who}/${each.name}`)) await remove;
          else await expect(remove).rejects.toMatchObject({ code: 'NOT_FOUND' });
          break;
        }
        case 'fork': {
          const from = each.name === undefined ? { values: model.of(each.who) } : model.checkpoints.get(`${each.who}/${each.name}`);
          if (!from) break;
          const fork = await manager.conversation(each.who).fork(each.name === undefined ? {} : { checkpoint: each.name });
          model.forks.set(fork.id, { of: each.who, values: from.values });
          break;
        }
        case 'delete fork': {
          const id = [...model.forks.keys()][each.nth];
          if (id === undefined) break;
          await manager.conversation(id).delete();
          model.forks.delete(id);
          break;
        }
        case 'reopen':
          await manager.close();
          manager = await StateManager.open({ store });
          break;
      }
    }
    await manager.flush();

    for (const id of ['anna', 'ben']) {
      const entity = manager.conversation(id);
      expect(await valuesNow(entity)).toEqual(model.of(id));
      const wanted = [...model.checkpoints].filter(([key]) => key.startsWith(`${id}/`)).toSorted(([, a], [, b]) => a.nth - b.nth);
      const listed = (await Array.fromAsync(entity.timeline())).filter((entry) => entry.kind === 'checkpoint');
      expect(listed.map((entry) => entry.name)).toEqual(wanted.map(([key]) => key.split('/')[1]));
      for (const [index, { versions }] of listed.entries()) {
        const read: [string, number][] = [];
        for (const [of, version] of Object.entries(versions)) read.push([of, (await (await handle(id, of)).at(version)).count]);
        expect(Object.fromEntries(read)).toEqual(wanted[index]![1].values);
      }
      const forks = (await entity.forks()).map((fork) => fork.entity.id);
      expect(forks).toEqual([...model.forks].filter(([, { of }]) => of === id).map(([fork]) => fork));
      for (const fork of forks) expect(await valuesNow(manager.conversation(fork))).toEqual(model.forks.get(fork)!.values);
    }
    await manager.close();
  },
  120_000,
);

async function handles(entity: EntityHandle<'conversation'>): Promise<readonly StateHandle<{ count: number }>[]> {
  return await Promise.all(tallies.map((tally) => entity.get(tally)));
}

async function valuesNow(entity: EntityHandle<'conversation'>): Promise<Values> {
  const written = (await handles(entity)).filter(({ version }) => version > 0);
  return Object.fromEntries(written.map(({ definition, current }) => [definition.name, current.count]));
}

/** What is bound is for other tests: here it must be refused or restored as a whole. */
async function unlessRefused(restore: Promise<unknown>, restored: () => void): Promise<void> {
  try {
    await restore;
  } catch (error) {
    if (!isHoldfastError(error, 'RESTORE_REFUSED')) throw error;
    return;
  }
  restored();
}
