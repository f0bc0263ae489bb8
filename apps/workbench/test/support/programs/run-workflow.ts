/**
 * Goes on with the workflow argv[3] at the home argv[2]: three nodes that each write a line into the file argv[4]. The second one keeps an intermediate result, says something after
 * it and then waits for ever when argv[5] is `hang`; what happens is told on standard output.
 */
import { appendFileSync } from 'node:fs';
import { makeLog } from '../../../log.ts';
import { openWorkbench } from '../../../open-workbench.ts';
import { WorkflowRun } from '../../../runs/workflow-run.ts';

const [, , home = '', id = '', work = '', mode = ''] = process.argv;
const workbench = await openWorkbench({ home, project: home, cursorFolder: home, log: makeLog('silent') });
const { state, clock } = workbench;
const run = await WorkflowRun.open({ state, clock, id, title: 'Cocktails', holder: `process ${process.pid}` });
process.stdout.write(`${run.resumedFrom ?? 'begun'}\n`);
await run.node('fetch', async () => {
  appendFileSync(work, 'fetch\n');
  return { lemons: 3 };
});
await run.node('mix', async ({ saved, attempt, save }) => {
  appendFileSync(work, `mix ${attempt} from ${JSON.stringify(saved)}\n`);
  if (mode !== 'hang') return 'mixed';
  await save({ half: true });
  await run.journal.say('mixer', 'after the checkpoint');
  process.stdout.write('hanging\n');
  setInterval(() => undefined, 60_000);
  return await new Promise<string>(() => undefined);
});
await run.node('serve', async () => {
  appendFileSync(work, 'serve\n');
  return null;
});
await run.end('completed');
await run.close();
await workbench.close();
