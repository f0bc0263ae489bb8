import { writeRecords, type EntityCell } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { acquireLease, type Lease } from '../session/index.ts';
import {
  definitionReader,
  ledgerKey,
  openKey,
  runRecipe,
  type EffectRecord,
  type EngineContext,
  type Participant,
} from '../state/index.ts';
import { COLLECTION, type ItemKey } from '../store/index.ts';
import { outcomeOf, untilAborted } from './effect-answer.ts';
import type { EffectDefinition, EffectOutcome, Reconciliation } from './effect-definition.ts';

export interface Unsettled {
  readonly entity: EntityCell;
  readonly eid: number;
  readonly effect: EffectDefinition;
  readonly key: string;
}

/** An effect with its record in the ledger and that record's revision: each step requires it, so one that was overtaken writes nothing. */
interface Recorded extends Unsettled {
  readonly record: EffectRecord;
  readonly rev: number;
}

/**
 * Takes one effect through its states: intended, started, unknown, settled. What runs, runs under the effect's lease; asking what
 * became of it needs none.
 */
export class EffectDriver {
  readonly #context: EngineContext;
  readonly #leaseMs: number;
  readonly #holder: string;
  readonly #closing: AbortSignal;

  /** `closing` ends what is under way. */
  constructor(context: EngineContext, options: { readonly leaseMs: number; readonly holder: string; readonly closing: AbortSignal }) {
    this.#context = context;
    this.#leaseMs = options.leaseMs;
    this.#holder = options.holder;
    this.#closing = options.closing;
  }

  /** Takes the effect as far as it will go now. Whether it is settled then. */
  async advance(unsettled: Unsettled): Promise<boolean> {
    const found = await this.#read(unsettled);
    if (!found || this.#closing.aborted) return false;
    switch (found.record.status) {
      case 'done':
      case 'failed':
        return true;
      case 'intended':
        return await this.#underLease(found, (signal, lease) => this.#run(found, signal, lease));
      case 'started':
        // Whoever started it holds its lease for as long as it lives.
        await this.#underLease(found, async () => {
          await this.#settle(found, { status: 'unknown', error: 'the process that ran it ended before it said what became of it' });
          return false;
        });
        return await this.advance(unsettled);
      case 'unknown': {
        const answer = await this.#ask(found);
        if (answer.status === 'unknown') return false;
        return await this.#underLease(found, async (signal, lease) => {
          if (answer.status === 'absent') return await this.#run(found, signal, lease);
          await this.#settle(found, answer);
          return true;
        });
      }
    }
  }

  async #read(unsettled: Unsettled): Promise<Recorded | undefined> {
    const { eid, effect, key } = unsettled;
    const item = await this.#context.store.item(eid, COLLECTION.effect, ledgerKey(effect.name, key));
    return item && { ...unsettled, record: JSON.parse(item.body) as EffectRecord, rev: item.rev };
  }

  /** Holds the effect's lease, with a heartbeat, while `work` is under way. Its signal aborts when the lease is lost or the manager closes. */
  async #underLease(recorded: Recorded, work: (signal: AbortSignal, lease: Lease) => Promise<boolean>): Promise<boolean> {
    const { entity, effect, key } = recorded;
    const lease = await acquireLease(this.#context, entity, `$effect/${ledgerKey(effect.name, key)}`, {
      holder: this.#holder,
      ttlMs: this.#leaseMs,
    });
    const lost = new AbortController();
    const heartbeat = setInterval(() => void lease.renew().catch(() => lost.abort()), this.#leaseMs / 3);
    heartbeat.unref();
    try {
      return await work(AbortSignal.any([this.#closing, lost.signal]), lease);
    } finally {
      clearInterval(heartbeat);
      await lease.release();
    }
  }

  async #run(recorded: Recorded, signal: AbortSignal, lease: Lease): Promise<boolean> {
    const { eid, entity, effect, key, record } = recorded;
    if (signal.aborted) return false;
    const started: EffectRecord = { ...record, status: 'started', runs: record.runs + 1 };
    const item = ledgerItem(recorded);
    const rev = await writeRecords(this.#context.queue, entity, () => ({
      meta: { actor: `effect:${effect.name}` },
      requires: [
        { ...item, rev: recorded.rev },
        { eid, collection: COLLECTION.lease, key: lease.name, rev: lease.token },
      ],
      puts: [{ ...item, body: JSON.stringify(started) }],
    }));
    const run = (record.simulated && effect.simulate) || effect.run;
    const outcome = await outcomeOf(effect, () => untilAborted(signal, run(record.input, { key, run: started.runs, signal })));
    await this.#settle({ ...recorded, rev, record: started }, outcome);
    return outcome.status !== 'unknown';
  }

  /** What the outside world says of an effect whose outcome is unknown. */
  async #ask({ effect, key, record }: Recorded): Promise<Reconciliation<unknown>> {
    const signal = this.#closing;
    if (record.simulated) return { status: 'absent' };
    if (!effect.reconcile) return { status: 'unknown', error: 'nobody can be asked' };
    try {
      const answer = await untilAborted(signal, effect.reconcile(record.input, { key, run: record.runs, signal }));
      return answer.status === 'done' ? await outcomeOf(effect, () => Promise.resolve(answer.output)) : answer;
    } catch (error) {
      if (!signal.aborted) this.#context.report(error);
      return { status: 'unknown', error: String(error) };
    }
  }

  /** Commits the outcome to the ledger and to the states at once; gives the record's new revision. */
  async #settle(recorded: Recorded, outcome: EffectOutcome<unknown>): Promise<number> {
    const { entity, eid, effect, key, record, rev } = recorded;
    const { error: _, ...intent } = record;
    const settled: EffectRecord = { ...intent, ...outcome };
    const item = ledgerItem(recorded);
    const open = { eid, collection: COLLECTION.openEffect, key: openKey({ name: effect.name, key, concurrent: effect.concurrent }) };
    const records = {
      flags: ['bound', 'effect', ...(record.simulated ? (['simulated'] as const) : [])] as const,
      requires: [{ ...item, rev }],
      puts: [{ ...item, body: JSON.stringify(settled) }],
      deletes: outcome.status === 'unknown' ? [] : [open],
    };
    const origin = { actor: `effect:${effect.name}`, cause: key };
    const participants = effect.states.map((definition): Participant => ({
      definition,
      cell: entity.cell(definition.name, definitionReader(definition, entity, this.#context.keys)),
    }));
    if (participants.length === 0) {
      const { flags, ...written } = records;
      return await writeRecords(this.#context.queue, entity, () => ({ ...written, meta: { ...origin, flags } }));
    }
    const { seq } = await runRecipe(
      this.#context,
      participants,
      (drafts, tx) => effect.settle(drafts, outcome, tx, { key, input: record.input }),
      origin,
      { attached: { ...records, unmet: () => overtaken(recorded) } },
    );
    return seq;
  }
}

function ledgerItem({ eid, effect, key }: Unsettled): ItemKey {
  return { eid, collection: COLLECTION.effect, key: ledgerKey(effect.name, key) };
}

function overtaken({ entity, effect, key }: Unsettled): HoldfastError {
  return new HoldfastError('STALE_LEASE', `Effect ${effect.name} ${key} of ${entity.name} was taken over by another process.`, {
    entity: entity.name,
    lease: `effect/${key}`,
  });
}
