// Pays on the database at argv[2] with the provider at argv[3].
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { chargeAt, Payment } from './payment.ts';

const [, , path = '', url = ''] = process.argv;
const Charge = chargeAt(url);
await using state = await StateManager.open({ store: sqlite(path), effects: [Charge] });
const anna = state.conversation('anna');
const payment = await anna.get(Payment);
await payment.update((draft, tx) => {
  draft.status = 'paying';
  tx.effect(Charge, { key: 'tab-1', input: { amount: 1300 } });
});
await anna.effect(Charge, 'tab-1').outcome();
