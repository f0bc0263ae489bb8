import { writeRecords } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { acquireLease, type Lease } from '../session/index.ts';
import { definitionReader, ledgerKey, runRecipe, type EffectRecord, type EngineContext, type Participant } from '../state/index.ts';
import { COLLECTION, isExpired, type ItemKey, type ItemPut } from '../store/index.ts';
import { outcomeOf, untilAborted } from './effect-answer.ts';
import type { EffectOutcome, Reconciliation } from './effect-definition.ts';
import { tellStep } from './effect-step.ts';
import { afterTurn, openItem, readOpen, takeTurn } from './effect-turn.ts';
import type { Unsettled } from './unsettled-effect.ts';

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
  readonly #retentionMs: number;
  readonly #holder: string;
  readonly #closing: AbortSignal;

  /** `closing` ends what is under way. */
  constructor(
    context: EngineContext,
    options: { readonly leaseMs: number; readonly retentionMs: number; readonly holder: string; readonly closing: AbortSignal },
  ) {
    this.#context = context;
    this.#leaseMs = options.leaseMs;
    this.#retentionMs = options.retentionMs;
    this.#holder = options.holder;
    this.#closing = options.closing;
  }

  /** Takes the effect as far as it will go now. With `isAsked`, an unknown outcome is asked about before its turn. */
  async advance(unsettled: Unsettled, { isAsked }: { readonly isAsked: boolean }): Promise<void> {
    const found = await this.#read(unsettled);
    if (!found || this.#closing.aborted) return;
    switch (found.record.status) {
      case 'done':
      case 'failed':
        return;
      case 'intended':
        if (await this.#isHeld(found)) return;
        await this.#underLease(found, (signal, lease) => this.#run(found, signal, lease));
        return;
      case 'started': {
        // Whoever started it holds its lease for as long as it lives.
        if (await this.#isHeld(found)) return;
        const error = 'the process that ran it ended before it said what became of it';
        await this.#underLease(found, () => this.#settle(found, { status: 'unknown', error }));
        await this.advance(unsettled, { isAsked: true });
        return;
      }
      case 'unknown':
        if (!found.effect.reconcile && !found.record.simulated) return;
        if (isAsked || (await takeTurn(this.#context, found))) await this.#reconcile(found);
    }
  }

  async #read(unsettled: Unsettled): Promise<Recorded | undefined> {
    const { eid, effect, key } = unsettled;
    const item = await this.#context.store.item(eid, COLLECTION.effect, ledgerKey(effect.name, key));
    return item && { ...unsettled, record: JSON.parse(item.body) as EffectRecord, rev: item.rev };
  }

  /** Whether somebody is at it. Looking is cheaper than trying, which is a commit that is refused. */
  async #isHeld(recorded: Recorded): Promise<boolean> {
    const { store } = this.#context;
    const [lease, now] = await Promise.all([store.item(recorded.eid, COLLECTION.lease, leaseName(recorded)), store.now()]);
    return lease !== undefined && !isExpired(lease, now);
  }

  /** Holds the effect's lease, with a heartbeat, while `work` is under way. Its signal aborts when the lease is lost or the manager closes. */
  async #underLease(recorded: Recorded, work: (signal: AbortSignal, lease: Lease) => Promise<void>): Promise<void> {
    const lease = await acquireLease(this.#context, recorded.entity, leaseName(recorded), { holder: this.#holder, ttlMs: this.#leaseMs });
    const lost = new AbortController();
    const heartbeat = setInterval(() => void lease.renew().catch(() => lost.abort()), this.#leaseMs / 3);
    heartbeat.unref();
    try {
      await work(AbortSignal.any([this.#closing, lost.signal]), lease);
    } finally {
      clearInterval(heartbeat);
      await lease.release();
    }
  }

  async #run(recorded: Recorded, signal: AbortSignal, lease: Lease): Promise<void> {
    const { eid, entity, effect, key, record } = recorded;
    if (signal.aborted) return;
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
    tellStep(this.#context, recorded, { step: 'started', ...stateOf(started) });
    const startedAt = performance.now();
    const run = (record.simulated && effect.simulate) || effect.run;
    const outcome = await outcomeOf(effect, () => untilAborted(signal, run(record.input, { key, run: started.runs, signal })));
    await this.#settle({ ...recorded, rev, record: started }, outcome, performance.now() - startedAt);
  }

  /** Asks what became of it and acts on the answer, unless somebody else did meanwhile. */
  async #reconcile(recorded: Recorded): Promise<void> {
    const askedAt = performance.now();
    const answer = await this.#ask(recorded);
    const durationMs = performance.now() - askedAt;
    tellStep(this.#context, recorded, { step: 'reconciled', answer: answer.status, durationMs, ...stateOf(recorded.record) });
    if (answer.status === 'unknown') return;
    await this.#underLease(recorded, async (signal, lease) => {
      if (answer.status === 'absent') await this.#run(recorded, signal, lease);
      else await this.#settle(recorded, answer);
    });
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
      if (!signal.aborted) this.#context.report(error, 'effect');
      return { status: 'unknown', error: String(error) };
    }
  }

  /** Commits the outcome and tells of it; `durationMs` is how long running it took. */
  async #settle(recorded: Recorded, outcome: EffectOutcome<unknown>, durationMs?: number): Promise<void> {
    await this.#commitOutcome(recorded, outcome);
    const took = durationMs === undefined ? {} : { durationMs };
    tellStep(this.#context, recorded, { step: outcome.status, ...took, ...stateOf(recorded.record) });
  }

  /** Commits the outcome to the ledger and to the states at once. One that is not known is due again after a while. */
  async #commitOutcome(recorded: Recorded, outcome: EffectOutcome<unknown>): Promise<void> {
    const { entity, effect, key, record, rev } = recorded;
    const { error: _, ...intent } = record;
    const settled: EffectRecord = { ...intent, ...outcome };
    const item = { ...ledgerItem(recorded), body: JSON.stringify(settled) };
    const isFinal = outcome.status !== 'unknown';
    const records = {
      flags: ['bound', 'effect', ...(record.simulated ? (['simulated'] as const) : [])] as const,
      requires: [{ ...ledgerItem(recorded), rev }],
      puts: isFinal
        ? [{ ...item, ...(this.#retentionMs < Infinity && { ttlMs: this.#retentionMs }) }]
        : [item, ...(await this.#laterTurn(recorded))],
      deletes: isFinal ? [openItem(recorded)] : [],
    };
    const origin = { actor: `effect:${effect.name}`, cause: key };
    const participants = effect.states.map((definition): Participant => ({
      definition,
      cell: entity.cell(definition.name, definitionReader(definition, entity, this.#context.keys)),
    }));
    if (participants.length === 0) {
      const { flags, ...written } = records;
      await writeRecords(this.#context.queue, entity, () => ({ ...written, meta: { ...origin, flags } }));
      return;
    }
    await runRecipe(this.#context, participants, (drafts, tx) => effect.settle(drafts, outcome, tx, { key, input: record.input }), origin, {
      attached: { ...records, unmet: () => overtaken(recorded) },
    });
  }

  async #laterTurn(recorded: Recorded): Promise<readonly ItemPut[]> {
    const [found, now] = await Promise.all([readOpen(this.#context, recorded), this.#context.store.now()]);
    if (!found) return [];
    const later = afterTurn(found.open, recorded.effect.retry, now, this.#context.random());
    return [{ ...openItem(recorded), body: JSON.stringify(later) }];
  }
}

function stateOf({ simulated, runs }: EffectRecord): { readonly isSimulated: boolean; readonly runs: number } {
  return { isSimulated: simulated === true, runs };
}

function leaseName({ effect, key }: Unsettled): string {
  return `$effect/${ledgerKey(effect.name, key)}`;
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
