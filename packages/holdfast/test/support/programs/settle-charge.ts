/** Finds the charge in the store at argv[2] when the leases of its owner are over, settles it with the provider argv[3], and says how it ended. */
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { chargeAt } from '../purse.ts';

const [, , path = '', url = ''] = process.argv;
const clock = (): number => Date.now() + 60_000;
const charge = chargeAt(url, { firstMs: 10_000 });
const state = await StateManager.open({ store: sqlite(path, { clock }), clock, effects: [charge], effectScanEveryMs: 1 });
const { status } = await state.conversation('anna').effect(charge, 'c1').outcome();
process.stdout.write(`${status}\n`);
await state.close();
