import { randomUUID } from 'node:crypto';
import { isHoldfastError } from 'holdfast';
import { z } from 'zod';
import { admitMessage } from '../http/admission.ts';
import { RequestRefusal } from '../http/contract-errors.ts';
import type { MayaContext } from '../http/maya-context.ts';
import { formatAmount } from '../orders/format-amount.ts';
import { SessionHandle } from '../session/session-handle.ts';
import type { Session } from '../session/session.ts';
import { HandleSchema, readInput, sessionFor, type McpTool } from './mcp-tool.ts';

/** The tools by which a client comes and goes. */
export function sessionTools(context: MayaContext): readonly McpTool[] {
  return [openSession(context), endSession(context)];
}

function openSession(context: MayaContext): McpTool {
  const { bar, sessions, capacity } = context;
  const tool = { name: 'open_session', invalidInput: 'INVALID_SESSION', input: z.strictObject({}) } as const;
  return {
    ...tool,
    title: 'Come in',
    description:
      'Begins a guest’s session and gives its handle, which every other tool needs. Keep the handle to yourself: whoever has it can order and pay with it.',
    hints: {},
    run: async (given) => {
      readInput(tool, given);
      const handle = SessionHandle.make();
      const session = await admitMessage(context, undefined, handle);
      await welcome(session, bar.menu.bar.name).finally(() => capacity.leave(session.id));
      const { balance } = session.payment.current;
      const result = {
        session: handle.text,
        bar: bar.menu.bar.name,
        balance: formatAmount(balance),
        endsWhenUnusedForSeconds: sessions.expiresAfterMs / 1_000,
      };
      return { status: 'ok', result };
    },
  };
}

function endSession(context: MayaContext): McpTool {
  const { sessions, turns } = context;
  const tool = { name: 'end_session', invalidInput: 'INVALID_SESSION', input: z.strictObject({ session: HandleSchema }) } as const;
  return {
    ...tool,
    title: 'Leave',
    description: 'Ends the session with all that belongs to it: its order, its open tab, its handle.',
    hints: { destructive: true, idempotent: true },
    run: async (given) => {
      const session = await sessionFor(context, readInput(tool, given).session);
      await turns.stop(session);
      await sessions.end(session, 'reset').catch((error: unknown) => {
        if (!isHoldfastError(error, 'EFFECT_UNKNOWN')) throw error;
        throw new RequestRefusal(409, 'CONFLICT', 'A payment is under way; it has to be confirmed or declined by its link first.');
      });
      return { status: 'ok', result: {} };
    },
  };
}

/** The commit that stores the session. */
async function welcome(session: Session, barName: string): Promise<void> {
  const text = `Welcome to ${barName}! What can I get you?`;
  const message = { id: randomUUID(), role: 'assistant', text, emotion: 'happy', tools: [], isCutOff: false } as const;
  await session.change(({ conversation }, tx) => void conversation.messages.push({ ...message, tools: [], at: tx.now }), {
    actor: 'maya',
    cause: 'mcp',
  });
}
