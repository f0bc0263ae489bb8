/**
 * Intends a charge at the provider argv[3], in the store at argv[2], and waits for its outcome. argv[4] says how: `to the end`, `mute` without asking the
 * provider, `closing` at once after the intent. argv[5] is the lease in ms.
 */
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { chargeAt, intend, Purse } from '../purse.ts';

const [, , path = '', url = '', how = 'to the end', leaseMs = '30000'] = process.argv;
const charge = chargeAt(url, { canAsk: how !== 'mute' });
const state = await StateManager.open({
  store: sqlite(path),
  effects: [charge],
  effectLeaseMs: Number(leaseMs),
  effectScanEveryMs: 10,
  closeGraceMs: how === 'closing' ? 0 : 5_000,
});
const anna = state.conversation('anna');
const purse = await anna.get(Purse);
await purse.update((draft, tx) => intend(draft, tx, charge, 'c1'));
process.stdout.write('intended\n');
if (how !== 'closing') {
  const { status } = await anna.effect(charge, 'c1').outcome({ unknown: how === 'mute' });
  process.stdout.write(`${status}\n`);
}
await state.close();
process.stdout.write('closed\n');
