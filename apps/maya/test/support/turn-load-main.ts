import type { LanguageModelV4CallOptions, LanguageModelV4StreamResult } from '@ai-sdk/provider';
import { keyFile } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { join } from 'node:path';
import { makeLog } from '../../server/log.ts';
import { openMaya } from '../../server/open-maya.ts';
import { NoPayments } from '../../server/payments/no-payments.ts';
import { ScriptedModel } from './scripted-model.ts';
import { TurnLoad, type TurnLoadOptions } from './turn-load.ts';

/** Answers at once and in one piece, so that what is left is the turn, and keeps nothing of it that the garbage collector would have to carry along. */
class ForgetfulModel extends ScriptedModel {
  override doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const stream = super.doStream(options);
    this.asked.length = 0;
    return stream;
  }
}

/** Opens a bar over SQLite in a directory; for each load that the parent sends it answers how long each turn took, in ms. */
const [directory = '', guests = '100'] = process.argv.slice(2);
const unlimited = { perSession: 1e6, burst: 1e6, inAll: 1e6 };
const maya = await openMaya({
  store: sqlite(join(directory, 'bar.db')),
  provider: new NoPayments(),
  log: makeLog('silent'),
  masterKeys: keyFile(join(directory, 'master.key')),
  model: new ForgetfulModel(['There you are. [STATE: happy]']),
  messageLimits: unlimited,
});
const load = new TurnLoad(maya.app, Number(guests));

process.on('message', (message) => {
  load.run(message as TurnLoadOptions).then(
    (took) => process.send?.({ took }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => void maya.close());
process.send?.({ ready: true });
