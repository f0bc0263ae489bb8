import assert from 'node:assert/strict';
import type { CaseContext } from '../case-context.ts';
import { startChild } from '../child-process.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, full, patch, put, valueOf, write } from '../records.ts';
import { driverOf } from './process-cases.ts';

const SYSTEM_CALLS = ['pwrite64', 'write', 'fdatasync', 'fsync', 'openat', 'ftruncate', 'unlink'];
/** A loop that never runs through would be a mistake of the case. */
const MOST_KILLS = 2_000;

/** Each case kills a committing process at its 1st, 2nd, 3rd … call of one kind on the store's files, until it runs through. */
export function killCases(effort: number): readonly CaseDefinition[] {
  return SYSTEM_CALLS.map((call) =>
    defineCase(
      `kill-${call}`,
      `has every acknowledged commit and no half of one after a kill at any ${call}`,
      (context) => killAtEvery(call, context, effort),
      ['strace', 'child', 'durable'],
    ),
  );
}

async function killAtEvery(call: string, context: CaseContext, effort: number): Promise<void> {
  const eid = await createEntity(
    context.store,
    'one',
    {},
    { changes: [full(-1, 1), full(-1, 1, '[1]', 'twin')], puts: [put(-1, 'last', '1')] },
  );
  await context.reopen();
  const paths = context.harness.tracedPaths?.(context.store) ?? [];
  for (let nth = 1; nth < MOST_KILLS; nth += 1) {
    const before = await headOf(context, eid);
    await context.store.close();
    const trace = [
      'strace',
      '-f',
      '-qq',
      '-o',
      '/dev/null',
      ...paths.flatMap((path) => ['-P', path]),
      '-e',
      `inject=${call}:signal=KILL:when=${nth}`,
    ];
    const child = startChild('acknowledge', driverOf(context), { eid, from: before + 1, commits: effort > 1 ? 4 : 1 }, trace);
    const { lines, exitCode, errors } = await child.end();
    assert.equal(errors, '', `at ${call} ${nth}`);
    await context.reopen();
    await verify(context, eid, lines.length > 0 ? Number(lines.at(-1)) : before, `killed at ${call} ${nth}`);
    if (exitCode === 0) return;
  }
  assert.fail(`${call} never ran through`);
}

async function headOf({ store }: CaseContext, eid: number): Promise<number> {
  return (await store.load(eid, 'list'))?.head ?? 0;
}

async function verify(context: CaseContext, eid: number, acknowledged: number, when: string): Promise<void> {
  const { store } = context;
  const head = await headOf(context, eid);
  const versions = Array.from({ length: head }, (_, index) => index + 1);
  assert.ok(head >= acknowledged, `${when}: version ${acknowledged} was acknowledged, ${head} is there`);
  assert.deepEqual(valueOf(await store.load(eid, 'list')), versions, when);
  assert.deepEqual(valueOf(await store.load(eid, 'twin')), versions, `${when}: the twin`);
  assert.equal((await store.item(eid, 'things', 'last'))?.body, String(head), `${when}: the item`);
  const { commits } = await store.log(0, {}, 100_000);
  assert.deepEqual(
    commits.map(({ seq }) => seq),
    commits.map((_, index) => index + 1),
    when,
  );
  await write(store, {
    expects: [{ eid, state: 'list', version: head }],
    changes: [patch(eid, head + 1), patch(eid, head + 1, `[${head + 1}]`, 'twin')],
    puts: [put(eid, 'last', String(head + 1))],
  });
}
