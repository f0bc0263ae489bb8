import { expect, test } from 'vitest';
import { holdfast } from './support/run-holdfast.ts';
import { smallStore } from './support/stores.ts';

test('holdfast du says how much a store holds, as a table or as JSON', async () => {
  const address = `sqlite:${await smallStore()}`;
  const [table, json] = [await holdfast('du', address), await holdfast('du', address, '--json')];
  expect([table.code, table.stderr]).toEqual([0, '']);
  expect(table.stdout).toMatch(/^history {2,}3 +\d+ B$/m);
  expect(table.stdout).toMatch(/^conversation\/notes +3 +\d+ B$/m);
  expect(table.stdout).toMatch(/^on disk: \d+\.\d kB$/m);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, store: address, history: { records: 3 }, log: { records: 4 } });
});
