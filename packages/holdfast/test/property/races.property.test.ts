import { fc, test } from '@fast-check/vitest';
import { defineState, isHoldfastError, StateManager, type StateHandle } from 'holdfast';
import { memory } from 'holdfast/memory';
import { expect } from 'vitest';
import { z } from 'zod';
import { Till } from '../support/bar.ts';
import { scheduled } from '../support/scheduled-store.ts';

/*
 * Two managers on one store, many callers at once, calls to the store and its answers in whatever order the scheduler decides. Properties:
 * 1. What was acknowledged is there exactly once, what was refused is not.
 * 2. An update that began after another was acknowledged comes behind it.
 * 3. Of those that expect a version, one at most makes the next.
 * 4. A key is applied once, whoever repeats it, and every repeat gets the first answer.
 * 5. What a transaction moves is neither made nor lost.
 * 6. Both managers end up with what is stored, and a feed gives every version once and in order.
 */

const Log = defineState({
  name: 'log',
  scope: 'global',
  schema: z.strictObject({ entries: z.array(z.string()) }),
  initial: { entries: [] },
});

const caller = fc.constantFrom(0, 1);
type Call =
  | { readonly kind: 'append'; readonly by: number }
  | { readonly kind: 'append if unchanged'; readonly by: number }
  | { readonly kind: 'append once'; readonly by: number; readonly key: string }
  | { readonly kind: 'move'; readonly by: number; readonly amount: number };
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ kind: fc.constant('append' as const), by: caller }),
  fc.record({ kind: fc.constant('append if unchanged' as const), by: caller }),
  fc.record({ kind: fc.constant('append once' as const), by: caller, key: fc.constantFrom('a', 'b') }),
  fc.record({ kind: fc.constant('move' as const), by: caller, amount: fc.integer({ min: 1, max: 9 }) }),
);

interface Done {
  readonly entry: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

test.prop([fc.scheduler(), fc.array(call, { minLength: 2, maxLength: 14 })], { numRuns: Number(process.env['HOLDFAST_RUNS'] ?? 150) })(
  'callers that race lose nothing and repeat nothing',
  async (scheduler, calls) => {
    const store = memory();
    const managers = await Promise.all(['first', 'second'].map((name) => StateManager.open({ store: scheduled(store, scheduler, name) })));
    const race = new Race(managers);
    await scheduler.waitFor(race.run(calls, scheduler));
    await scheduler.waitFor(Promise.all(managers.map((manager) => manager.close())));
    await using reader = await StateManager.open({ store });
    await race.check(reader);
  },
);

/** What the callers did and what they heard. */
class Race {
  readonly #managers: readonly StateManager[];
  readonly #done: Done[] = [];
  readonly #refused: string[] = [];
  readonly #once = new Map<string, string[]>();
  readonly #seen: number[][] = [[], []];
  readonly #won: number[] = [];
  #moved = 0;
  #clock = 0;

  constructor(managers: readonly StateManager[]) {
    this.#managers = managers;
  }

  async run(calls: readonly Call[], scheduler: fc.Scheduler): Promise<void> {
    const logs = await Promise.all(this.#managers.map((manager) => manager.global().get(Log)));
    for (const [index, log] of logs.entries())
      log.subscribe(
        ({ entries }) => entries.length,
        (now) => void this.#seen[index]?.push(now),
      );
    await Promise.all(
      calls.map(async (each, index) => {
        await scheduler.schedule(Promise.resolve(), `call ${index}`);
        await this.#perform(each, `${each.kind} ${index}`, logs[each.by] as StateHandle<{ entries: string[] }>);
      }),
    );
    await Promise.all(logs.map((log) => log.refresh()));
    expect(logs[0]?.current).toEqual(logs[1]?.current);
  }

  async check(reader: StateManager): Promise<void> {
    const { entries } = (await reader.global().get(Log)).current;
    const expected = [...this.#done.map(({ entry }) => entry), ...[...this.#once.values()].map(([entry]) => entry as string)];
    expect(entries.toSorted()).toEqual(expected.toSorted());
    for (const entry of this.#refused) expect(entries).not.toContain(entry);
    for (const repeats of this.#once.values()) expect(new Set(repeats).size).toBe(1);
    for (const [earlier, later] of pairs(this.#done))
      if (earlier.endedAt < later.startedAt) expect(entries.indexOf(earlier.entry)).toBeLessThan(entries.indexOf(later.entry));
    expect(new Set(this.#won).size).toBe(this.#won.length);
    for (const lengths of this.#seen) expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
    const [left, right] = await Promise.all(['left', 'right'].map((id) => reader.team(id).get(Till)));
    expect([left?.current.taken, right?.current.taken]).toEqual([-this.#moved, this.#moved].map((amount) => amount + 0));
    expect(await versionsOf(reader)).toEqual(entries.map((_, index) => index + 1));
  }

  async #perform(each: Call, entry: string, log: StateHandle<{ entries: string[] }>): Promise<void> {
    const startedAt = this.#clock++;
    const append = (draft: { entries: string[] }): string => {
      draft.entries.push(entry);
      return entry;
    };
    switch (each.kind) {
      case 'append':
        await log.update(append);
        this.#done.push({ entry, startedAt, endedAt: this.#clock++ });
        break;
      case 'append if unchanged':
        try {
          const { versions } = await log.update(append, { expectedVersion: log.version });
          this.#won.push(versions[0]?.version ?? 0);
          this.#done.push({ entry, startedAt, endedAt: this.#clock++ });
        } catch (error) {
          if (!isHoldfastError(error, 'CONCURRENT_MODIFICATION')) throw error;
          this.#refused.push(entry);
        }
        break;
      case 'append once': {
        const { value } = await log.update(append, { idempotency: { key: each.key } });
        this.#once.set(each.key, [...(this.#once.get(each.key) ?? []), value]);
        break;
      }
      case 'move': {
        const manager = this.#managers[each.by] as StateManager;
        const [left, right] = [await manager.team('left').get(Till), await manager.team('right').get(Till)];
        await manager.transaction([left, right], ([from, to]) => {
          from.taken -= each.amount;
          to.taken += each.amount;
        });
        this.#moved += each.amount;
        break;
      }
    }
  }
}

async function versionsOf(reader: StateManager): Promise<readonly number[]> {
  const versions: number[] = [];
  const end = await reader.global().get(Log);
  if (end.version === 0) return [];
  for await (const { changes } of reader.changes({ scope: 'global', since: 0 })) {
    versions.push(...changes.map(({ version }) => version));
    if (versions.at(-1) === end.version) break;
  }
  return versions;
}

function pairs<T>(items: readonly T[]): readonly (readonly [T, T])[] {
  return items.flatMap((a) => items.map((b) => [a, b] as const));
}
