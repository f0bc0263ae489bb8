import { makeLog } from '../../../log.ts';
import { openWorkbench } from '../../../open-workbench.ts';
import { sprintModule } from '../../../daemons/sprint/sprint-module.ts';

/** Works on the first issue of a file by a command that never ends; it is there to be killed. Prints the line that the command appends to a file. */
const [home = '', file = '', marks = ''] = process.argv.slice(2);
const command = `require('fs').appendFileSync(${JSON.stringify(marks)}, process.pid + ' ' + process.env.ISSUE_KEY + '\\n'); setInterval(() => 0, 1000);`;
const sprint = sprintModule({ file, worker: { command: [process.execPath, '-e', command] } });
const workbench = await openWorkbench({ home, log: makeLog('silent'), effects: sprint.effects ?? [] });
const lease = await workbench.state.global().lease('daemon:sprint', { holder: String(process.pid), ttlMs: 30_000 });
const daemon = await sprint.create({ workbench, emit: () => undefined, lease: () => lease });
await daemon.start();
await daemon.methods.call('refresh', {});
await daemon.methods.call('approve_issue', { key: 'AAP-1' });
await daemon.methods.call('start_issue', { key: 'AAP-1' });
process.stdout.write('started\n');
