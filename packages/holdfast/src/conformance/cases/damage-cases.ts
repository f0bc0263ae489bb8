import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { isHoldfastError } from '../../errors/index.ts';
import type { Store } from '../../store/index.ts';
import type { CaseContext } from '../case-context.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, full, patch, put, valueOf, write } from '../records.ts';

/** A step between the bytes that are damaged that shares no factor with any record or page size; divided by the effort. */
const STEP = 199;

interface Reading {
  readonly what: string;
  readonly read: (store: Store) => Promise<unknown>;
}

export function damageCases(effort: number): readonly CaseDefinition[] {
  const step = Math.max(1, Math.round(STEP / effort));
  return [
    defineCase(
      'damage-bits',
      'reads the right value or reports a coded error when any one bit of its files is flipped',
      async (context) => {
        await eachDamage(context, step, (bytes, at) => {
          const flipped = Buffer.from(bytes);
          flipped[at] = (flipped[at] as number) ^ (1 << ((at / step) % 8));
          return flipped;
        });
      },
      ['files', 'durable'],
    ),
    defineCase(
      'damage-truncation',
      'reads the right value or reports a coded error when its files are cut short',
      async (context) => {
        await eachDamage(context, step * 7, (bytes, at) => bytes.subarray(0, at));
      },
      ['files', 'durable'],
    ),
    defineCase(
      'damage-last-good',
      'names a damaged state and its last good version, which can be read',
      async (context) => {
        const eid = await createEntity(context.store, 'one', {}, { changes: [full(-1, 1)] });
        for (const version of [2, 3, 4])
          await write(context.store, { changes: [patch(eid, version, JSON.stringify([`mark of version ${version}`]))] });
        await context.store.close();
        const files = context.harness.files?.(context.store) ?? [];
        const damaged = files.filter((file) => damageText(file, 'mark of version 3', 'mark of version 8'));
        assert.ok(damaged.length > 0, 'the body is found in one of the files');
        const store = await context.reopen();
        for (const version of [undefined, 3, 4]) {
          await assert.rejects(
            store.load(eid, 'list', version),
            (error) => isHoldfastError(error, 'CORRUPT_STATE') && error.data.lastGoodVersion === 2 && error.data.what.includes('list'),
          );
        }
        assert.deepEqual(valueOf(await store.load(eid, 'list', 2)), [1, 'mark of version 2']);
        await write(store, { changes: [full(eid, 5, '["accepted"]')] });
        assert.deepEqual(valueOf(await store.load(eid, 'list')), ['accepted']);
        await assert.rejects(store.load(eid, 'list', 4), { code: 'CORRUPT_STATE' });
      },
      ['files', 'durable'],
    ),
  ];
}

async function eachDamage(context: CaseContext, step: number, damage: (bytes: Buffer, at: number) => Buffer): Promise<void> {
  const readings = await arrange(context.store);
  const truth = await Promise.all(readings.map(({ read }) => read(context.store)));
  await context.store.close();
  for (const file of context.harness.files?.(context.store) ?? []) {
    const bytes = readFileSync(file);
    for (let at = 0; at < bytes.length; at += step) {
      truncateSync(file);
      writeFileSync(file, damage(bytes, at));
      await compare(context, readings, truth, `${file} damaged at byte ${at}`);
    }
    truncateSync(file);
    writeFileSync(file, bytes);
  }
  await context.reopen();
}

async function compare(context: CaseContext, readings: readonly Reading[], truth: readonly unknown[], when: string): Promise<void> {
  const store = context.harness.again(context.store, { clock: Date.now });
  try {
    await store.open();
    for (const [index, { what, read }] of readings.entries()) {
      const found = await read(store).catch(onlyCoded);
      if (found !== REPORTED && !isDeepStrictEqual(found, truth[index]))
        assert.fail(`${when}: ${what} was silently read as ${JSON.stringify(found)?.slice(0, 200)}`);
    }
  } catch (error) {
    onlyCoded(error);
  } finally {
    await store.close();
  }
}

const REPORTED = Symbol('reported');

function onlyCoded(error: unknown): typeof REPORTED {
  if (!isHoldfastError(error)) throw error;
  return REPORTED;
}

/** A store with some of everything, and how to read it: by name, as the engine does. */
async function arrange(store: Store): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  for (let nth = 1; nth <= 8; nth += 1) {
    const id = `entity ${nth}`;
    const eid = await createEntity(
      store,
      id,
      { subject: `s${nth}`, ...(nth % 2 === 0 && { ttlMs: 1e9 }) },
      {
        changes: [full(-1, 1, JSON.stringify(['x'.repeat(nth * 40)]))],
        puts: [put(-1, 'a', '{"n":1}'), put(-1, 'b', '{"n":2}', { ttlMs: 1e9 })],
        idempotency: { eid: -1, key: 'used', inputHash: 'h', body: '"result"', ttlMs: 1e9 },
      },
    );
    for (let version = 2; version < 6; version += 1) await write(store, { changes: [patch(eid, version)], meta: { actor: 'someone' } });
    if (nth % 3 === 0)
      await store.compact({
        snapshots: [{ eid, state: 'list', version: 4, defVersion: 1, body: JSON.stringify(['x'.repeat(nth * 40), 2, 3, 4]) }],
        prune: nth === 6 ? [{ eid, state: 'list', beforeVersion: 5 }] : [],
      });
    readings.push(
      { what: `entity ${nth}`, read: (each) => each.entity('conversation', id) },
      { what: `heads ${nth}`, read: (each) => each.heads(eid) },
      { what: `state ${nth}`, read: async (each) => valueOf(await each.load(eid, 'list')) },
      { what: `state ${nth} at 5`, read: async (each) => valueOf(await each.load(eid, 'list', 5)) },
      { what: `item ${nth}`, read: (each) => each.item(eid, 'things', 'b') },
      { what: `key ${nth}`, read: (each) => each.item(eid, '$idem', 'used') },
      { what: `items ${nth}`, read: (each) => each.items({ eid, collection: 'things' }, undefined, 10) },
      { what: `log of ${nth}`, read: async (each) => (await each.log(0, { eid }, 1_000)).commits },
      { what: `end of the log of ${nth}`, read: async (each) => (await each.log(nth * 4, { eid }, 1_000)).commits },
    );
  }
  readings.push(
    { what: 'an absent entity', read: (each) => each.entity('conversation', 'nobody') },
    { what: 'log', read: (each) => each.log(0, {}, 1_000) },
  );
  return readings;
}

function damageText(file: string, text: string, replacement: string): boolean {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(text);
  if (at >= 0)
    writeFileSync(file, Buffer.concat([bytes.subarray(0, at), Buffer.from(replacement), bytes.subarray(at + Buffer.byteLength(text))]));
  return at >= 0;
}
