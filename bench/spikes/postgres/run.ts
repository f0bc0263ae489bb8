import { checkConcurrentWriters, checkLostReply, checkPoolerDiscipline, checkText } from './check-concurrency.ts';
import { checkRefusals } from './check-refusals.ts';
import { measure } from './measure.ts';
import { startPostgres } from './server.ts';

await using server = await startPostgres();
const checks = ['refusals', 'writers', 'lost', 'pooled', 'text'];
for (const schema of checks) await server.createStore(schema);
const client = await server.connect();
console.log(await checkRefusals(client, 'refusals'));
console.log(await checkConcurrentWriters(server, 'writers'));
console.log(await checkLostReply(server, 'lost'));
console.log(await checkPoolerDiscipline(server, 'pooled'));
console.log(await checkText(client, 'text'));
await client.end();
console.log(await measure(server));
