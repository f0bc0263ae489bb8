import { setImmediate as loopTurn } from 'node:timers/promises';
import { fc, test } from '@fast-check/vitest';
import { EffectFailure, isHoldfastError, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import type { Store } from 'holdfast/store';
import { expect } from 'vitest';
import { chargeEffect, intend, PRICE, Purse, START, type ChargeEffect } from '../support/purse.ts';

/*
 * Two managers on one store intend charges, are killed, closed and replaced, and count as dead while they live; the provider answers, declines,
 * loses requests and replies, and hangs. In whatever order their commits, replies and requests follow one another:
 * 1. An effect runs once, and again only when the provider has said "absent" since the run before.
 * 2. A state says done only when the provider has charged, and each final outcome is settled once.
 * 3. No money is lost or made; once everybody answers, everything is settled as the provider's ledger has it.
 */

type Command = { readonly kind: 'intend' | 'reconcile' | 'kill' | 'close'; readonly who: number } | { readonly kind: 'leases run out' };

/** What becomes of one request to charge. */
interface Request {
  readonly arrives: boolean;
  readonly declined: boolean;
  readonly reply: 'given' | 'lost' | 'never';
}

const who = fc.nat({ max: 1 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('intend' as const), who }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('reconcile' as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('kill' as const, 'close' as const), who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leases run out' as const) }) },
);
const commands = fc.array(fc.record({ command, steps: fc.nat({ max: 12 }) }), { minLength: 3, maxLength: 25, size: 'max' });
const request: fc.Arbitrary<Request> = fc.record({
  arrives: fc.boolean(),
  declined: fc.boolean(),
  reply: fc.constantFrom('given', 'lost', 'never'),
});
const requests = fc.array(request, { minLength: 0, maxLength: 12, size: 'max' });
/** The data stay open for the other process. */
const leaveOpen = (): Promise<void> => Promise.resolve();
const never = (): Promise<never> => Promise.withResolvers<never>().promise;

/** A provider with idempotency keys: what it decided about a key stands. Its ends of a request are tasks of the scheduler. */
class Provider {
  readonly decided = new Map<string, 'charged' | 'declined'>();
  /** Keys that were run although the provider had not said "absent" since the run before. */
  readonly rushed: string[] = [];
  readonly #ran = new Set<string>();
  readonly #scheduler: fc.Scheduler;
  readonly #requests: Request[];

  constructor(scheduler: fc.Scheduler, planned: readonly Request[]) {
    this.#scheduler = scheduler;
    this.#requests = [...planned];
  }

  async charge(key: string): Promise<{ receipt: string }> {
    if (this.#ran.has(key)) this.rushed.push(key);
    this.#ran.add(key);
    const { arrives, declined, reply } = this.#requests.shift() ?? { arrives: true, declined: false, reply: 'given' };
    await this.#scheduler.schedule(Promise.resolve(), `request ${key}`);
    if (arrives && !this.decided.has(key)) this.decided.set(key, declined ? 'declined' : 'charged');
    if (reply === 'never') return await never();
    await this.#scheduler.schedule(Promise.resolve(), `reply ${key}`);
    if (reply === 'lost' || !arrives) throw new Error('no reply');
    if (this.decided.get(key) === 'declined') throw new EffectFailure('declined');
    return { receipt: key };
  }

  /** From now on requests arrive and are answered. */
  getWell(): void {
    this.#requests.length = 0;
  }

  readonly find: NonNullable<ChargeEffect['reconcile']> = async (_input, { key }) => {
    await this.#scheduler.schedule(Promise.resolve(), `question ${key}`);
    const decided = this.decided.get(key);
    if (!decided) this.#ran.delete(key);
    await this.#scheduler.schedule(Promise.resolve(), `answer ${key}`);
    if (!decided) return { status: 'absent' };
    return decided === 'charged' ? { status: 'done', output: { receipt: key } } : { status: 'failed', error: 'declined' };
  };
}

/** The store as one process sees it: its commits arrive and are answered when the scheduler says so, and not at all once the process is killed. */
class Connection {
  isKilled = false;
  readonly store: Store;

  constructor(shared: Store, scheduler: fc.Scheduler, name: string) {
    const alive = async (): Promise<void> => (this.isKilled ? await never() : undefined);
    const commit: Store['commit'] = async (batch) => {
      await scheduler.schedule(Promise.resolve(), `${name} commits`);
      await alive();
      const result = await shared.commit(batch);
      await scheduler.schedule(Promise.resolve(), `${name} is answered`);
      await alive();
      return result;
    };
    this.store = new Proxy(shared, {
      get: (target, property) => {
        if (property === 'commit') return commit;
        if (property === 'close') return leaveOpen;
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }
}

interface Process {
  readonly connection: Connection;
  readonly state: StateManager;
}

test.prop([fc.scheduler(), commands, requests], { numRuns: Number(process.env['HOLDFAST_RUNS'] ?? 150) })(
  'charges once, whatever happens to those who charge',
  async (scheduler, steps, planned) => {
    let now = 1_000_000;
    const clock = (): number => now;
    const shared = memory({ clock });
    const provider = new Provider(scheduler, planned);
    const saidTooMuch: string[] = [];
    const { settle, ...definition } = chargeEffect({ run: (_input, { key }) => provider.charge(key), reconcile: provider.find });
    const charge: ChargeEffect = {
      ...definition,
      settle: (drafts, outcome, tx, effect) => {
        if (outcome.status === 'done' && provider.decided.get(effect.key) !== 'charged') saidTooMuch.push(effect.key);
        settle(drafts, outcome, tx, effect);
      },
    };
    const start = async (name: string): Promise<Process> => {
      const connection = new Connection(shared, scheduler, name);
      const { store } = connection;
      const state = await StateManager.open({ store, clock, random: () => 0, effects: [charge], effectScanEveryMs: 1e9, closeGraceMs: 0 });
      return { connection, state };
    };
    const processes = [await start('A'), await start('B')];
    const intended: string[] = [];
    const closings: Promise<void>[] = [];
    let keys = 0;
    const carryOut = async (each: Command): Promise<void> => {
      if (each.kind === 'leases run out') {
        now += 31_000;
        return;
      }
      const { state, connection } = processes[each.who]!;
      switch (each.kind) {
        case 'intend': {
          const key = `k${keys++}`;
          const purse = await state.conversation('anna').get(Purse);
          purse.update((draft, tx) => intend(draft, tx, charge, key)).then(() => intended.push(key), assertExpected);
          return;
        }
        case 'reconcile':
          state.reconcile().catch(assertExpected);
          return;
        case 'close':
        case 'kill':
          if (each.kind === 'kill') connection.isKilled = true;
          else closings.push(state.close());
          processes[each.who] = await start(each.who === 0 ? 'A' : 'B');
      }
    };
    const step = async (): Promise<void> => {
      for (let turns = 0; scheduler.count() === 0 && turns < 4; turns++) await loopTurn();
      if (scheduler.count() > 0) await scheduler.waitNext(1);
    };

    for (const { command: each, steps: count } of steps) {
      await carryOut(each);
      for (let taken = 0; taken < count; taken++) await step();
    }
    for (const { connection } of processes) connection.isKilled = true;
    await scheduler.waitFor(Promise.all(closings));
    now += 61_000;
    provider.getWell();
    const { state } = await start('C');
    const anna = state.conversation('anna');
    for (let round = 0; round < 10; round++) await scheduler.waitFor(anna.reconcile());

    expect(await anna.unsettledEffects()).toEqual([]);
    const { current } = await anna.get(Purse);
    const isCharged = [...provider.decided.values()].filter((decided) => decided === 'charged').length;
    expect(current).toMatchObject({ balance: START - PRICE * isCharged, held: 0, spent: PRICE * isCharged });
    expect(current.settled.done).toBe(isCharged);
    expect(provider.rushed).toEqual([]);
    const records = await Promise.all(intended.map((key) => anna.effect(charge, key).record()));
    for (const record of records) expect(['done', 'failed']).toContain(record?.status);
    expect(current.settled.failed).toBeGreaterThanOrEqual(records.filter((record) => record?.status === 'failed').length);
    expect(saidTooMuch).toEqual([]);
    await scheduler.waitFor(state.close());
  },
);

/** An effect of the name is unsettled, the purse is empty, the clock was put forward while it was retried, or the manager was closed. */
function assertExpected(error: unknown): void {
  if (!isHoldfastError(error) || !['EFFECT_UNKNOWN', 'VALIDATION_FAILED', 'CONCURRENT_MODIFICATION', 'CLOSED'].includes(error.code))
    throw error;
}
