/** The Slack daemon at the home argv[2] with Slack at argv[3]: proposes a message and approves it. It is there to be killed. */
import { Secret } from 'holdfast';
import { slackModule } from '../../../daemons/slack/slack-module.ts';
import { makeLog } from '../../../log.ts';
import { openWorkbench } from '../../../open-workbench.ts';

const [, , home = '', apiUrl = ''] = process.argv;
const slack = slackModule({ client: { token: Secret.of('xoxb-good'), apiUrl }, channels: [] });
const workbench = await openWorkbench({ home, log: makeLog('silent'), effects: slack.effects ?? [] });
await workbench.toggles.setServiceEnabled('slack', true);
const lease = await workbench.state.global().lease('daemon:slack', { holder: String(process.pid), ttlMs: 30_000 });
const daemon = await slack.create({ workbench, emit: () => undefined, lease: () => lease });
await daemon.start();
const proposed = (await daemon.methods.call('propose_message', { channel: 'C1', text: 'exactly once' })) as { readonly id: string };
await daemon.methods.call('approve_message', { id: proposed.id });
setInterval(() => undefined, 1_000);
