import { writeRecords, type EntityCell } from '../commit/index.ts';
import { freezeJson } from '../cow/index.ts';
import { HoldfastError } from '../errors/index.ts';
import type { CommitOptions, CommitResult } from './commit-options.ts';
import { definitionReader } from './definition-reader.ts';
import type { EngineContext } from './engine-context.ts';
import type { AttachedRecords } from './form-commit.ts';
import { RecipeJob, type Transaction } from './recipe-job.ts';
import type { Participant } from './recipe-outcome.ts';

/** Queues a recipe on the participants and resolves with its result. */
export function runRecipe<R>(
  context: EngineContext,
  participants: readonly Participant[],
  recipe: (drafts: readonly unknown[], tx: Transaction) => R,
  options: CommitOptions,
  extra: { readonly replacement?: { readonly value: unknown }; readonly attached?: AttachedRecords } = {},
): Promise<CommitResult<R>> {
  // What is thrown in here rejects the promise.
  return new Promise((resolve, reject) => {
    context.assertWritable();
    options.signal?.throwIfAborted();
    assertJsonInput(options);
    const [first, ...rest] = participants;
    if (!first) throw new HoldfastError('INVALID_ARGUMENT', 'A transaction needs at least one state.', { argument: 'states' });
    if (rest.length > 0 && new Set(participants.map(({ cell }) => cell)).size < participants.length) {
      throw new HoldfastError('INVALID_ARGUMENT', 'A transaction was given the same state twice.', { argument: 'states' });
    }
    for (const { cell } of participants) cell.entity.assertThere();
    const job = new RecipeJob<R>({
      context,
      participants: [first, ...rest],
      witnesses: witnessesOf(context, participants),
      recipe,
      options,
      leaseEntity: options.lease && context.registry.at(options.lease.entity.scope, options.lease.entity.id),
      settle: { resolve, reject },
      replacement: extra.replacement,
      attached: extra.attached,
    });
    context.queue.submit(job);
  });
}

/** Moves the expiry of an entity that is being read, at most once per tenth of its lifetime. */
export async function keepAlive(context: EngineContext, entity: EntityCell): Promise<void> {
  const { ttlMs, expiresAt, eid } = entity;
  if (context.readOnly || ttlMs === undefined || eid === undefined || expiresAt === undefined) return;
  if (expiresAt - context.now() > ttlMs * 0.9) return;
  entity.expiresAt = context.now() + ttlMs;
  await writeRecords(context.queue, entity, () => ({ touch: [{ eid, ttlMs }], durability: 'written' }));
}

/** The states that invariants read besides those given. */
function witnessesOf({ invariants, keys }: EngineContext, participants: readonly Participant[]): readonly Participant[] {
  const witnesses: Participant[] = [];
  if (invariants.length === 0) return witnesses;
  for (const { cell, definition } of participants) {
    const related = invariants.filter(({ states }) => states.includes(definition)).flatMap(({ states }) => states);
    for (const other of related) {
      const otherCell = cell.entity.cell(other.name, definitionReader(other, cell.entity, keys));
      const isThere = [...participants, ...witnesses].some((each) => each.cell === otherCell);
      if (!isThere) witnesses.push({ definition: other, cell: otherCell });
    }
  }
  return witnesses;
}

function assertJsonInput({ idempotency }: CommitOptions): void {
  const issue = idempotency?.input === undefined ? undefined : freezeJson(idempotency.input);
  if (issue)
    throw new HoldfastError(
      'INVALID_ARGUMENT',
      `The idempotency input is not JSON at ${issue.path.join('.') || '(root)'}: ${issue.message}.`,
      { argument: 'idempotency.input' },
    );
}
