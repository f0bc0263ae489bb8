import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { defineMethod, type Method } from '../../methods/method.ts';
import { approve, propose, refuse } from './pending-changes.ts';
import { PENDING_STATUSES } from './pending-state.ts';
import type { SlackDaemon } from './slack-daemon.ts';
import { OutgoingMessage, SlackId, SlackTs } from './slack-message.ts';

const Id = z.uuid().describe('The id of a message that waits');
const Reason = z.string().trim().max(500).default('');
const Limit = z.int().min(1).max(200).default(50);

/** What clients may ask of the Slack daemon. */
export function slackMethods(daemon: SlackDaemon): readonly Method[] {
  const show = async (id: string): Promise<object> => ({ id, ...(await daemon.handle()).current.messages[id] });
  return [
    defineMethod({
      name: 'get_history',
      title: 'Read a channel',
      description: 'Reads what was said in a channel, the newest first: give the time of the last message to go on before it.',
      input: { channel: SlackId, before: SlackTs.optional(), limit: Limit },
      hints: { readOnly: true },
      run: ({ channel, before, limit }) => ({
        messages: daemon.history().read(channel, { limit, ...(before !== undefined && { before }) }),
      }),
    }),
    defineMethod({
      name: 'search_messages',
      title: 'Search messages',
      description: 'Finds messages in all channels that are read: those that have all the words, the best match first.',
      input: { words: z.string().min(1).max(500), limit: Limit },
      hints: { readOnly: true },
      run: ({ words, limit }) => ({ messages: daemon.history().search(words, limit) }),
    }),
    defineMethod({
      name: 'list_channels',
      title: 'List channels',
      description: 'Lists the channels that were read, and up to where.',
      input: {},
      hints: { readOnly: true },
      run: () => ({ channels: daemon.history().cursors() }),
    }),
    defineMethod({
      name: 'list_pending',
      title: 'List messages to send',
      description: 'Lists the messages that wait for approval and what became of others in the last day, all or those of one status.',
      input: { status: z.enum(PENDING_STATUSES).optional() },
      hints: { readOnly: true },
      run: async ({ status }) => {
        const messages = Object.entries((await daemon.handle()).current.messages).map(([id, message]) => ({ id, ...message }));
        const wanted = messages.filter((message) => status === undefined || message.status === status);
        return { messages: wanted.toSorted((a, b) => a.created_at.localeCompare(b.created_at)) };
      },
    }),
    defineMethod({
      name: 'propose_message',
      title: 'Propose a message',
      description: 'Proposes a message to a channel or a thread. It is sent when a person approves it.',
      input: { channel: OutgoingMessage.shape.channel, text: OutgoingMessage.shape.text, thread_ts: SlackTs.optional(), reason: Reason },
      hints: { readOnly: false },
      run: async ({ channel, text, thread_ts = null, reason }) => {
        const id = randomUUID();
        await daemon.change(`propose ${id}`, (pending, tx) => propose(pending, id, { channel, text, thread_ts }, reason, tx));
        return await show(id);
      },
    }),
    defineMethod({
      name: 'approve_message',
      title: 'Approve a message',
      description: 'Says that a message may be sent; it is sent once. A person decides this.',
      input: { id: Id },
      hints: { readOnly: false, idempotent: true, openWorld: true },
      run: async ({ id }) => {
        await daemon.change(`approve ${id}`, (pending) => approve(pending, id));
        return await show(id);
      },
    }),
    ...(['rejected', 'skipped'] as const).map((status) =>
      defineMethod({
        name: status === 'rejected' ? 'reject_message' : 'skip_message',
        title: status === 'rejected' ? 'Reject a message' : 'Skip a message',
        description: `Says that a message is not sent. ${status === 'rejected' ? 'It is wrong.' : 'It is not needed any more.'} It may still be approved within a day.`,
        input: { id: Id, reason: Reason },
        hints: { readOnly: false, idempotent: true },
        run: async ({ id, reason }) => {
          await daemon.change(`${status} ${id}`, (pending, tx) => refuse(pending, id, status, reason, tx));
          return await show(id);
        },
      }),
    ),
    defineMethod({
      name: 'refresh',
      title: 'Refresh the channels',
      description: 'Reads the channels now, which otherwise happens every minute.',
      input: {},
      hints: { readOnly: false, idempotent: true, openWorld: true },
      run: async () => {
        await daemon.refresh();
        return { channels: daemon.history().cursors() };
      },
    }),
  ];
}
