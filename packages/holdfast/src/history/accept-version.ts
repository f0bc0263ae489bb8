import { writeRecords, type EntityCell } from '../commit/index.ts';
import { existing, notFound, pastValue, retried, type HistoryContext } from './history-context.ts';

/** Goes on from an older version of a state whose newer ones are damaged: writes it as the next version, in full. Damaged records stay where they are. */
export async function acceptVersion(context: HistoryContext, entity: EntityCell, state: string, version: number): Promise<void> {
  const eid = await existing(context, entity);
  await retried(context, async () => {
    const head = (await context.store.heads(eid)).find((each) => each.state === state);
    if (!head) throw notFound(`state ${state} of ${entity.name}`);
    const past = await pastValue(context, entity, eid, state, version);
    await writeRecords(context.queue, entity, () => ({
      meta: { cause: `accept version ${version} of ${state}` },
      expects: [{ eid, state, version: head.version }],
      changes: [{ eid, state, version: head.version + 1, kind: 'full', ...past }],
    }));
  });
}
