import { Hono } from 'hono';
import type { Json } from 'holdfast';
import { z } from 'zod';
import { cancelPayment } from '../payments/payment-under-way.ts';
import { TIP_PERCENTAGES } from '../payments/tip-rules.ts';
import { Refusal } from '../refusal.ts';
import { withSession } from '../session/session-context.ts';
import type { Session } from '../session/session.ts';
import { runTool } from '../tools/run-tool.ts';
import { thankForTip } from '../payments/tip-reaction.ts';
import type { TipRequest } from './contract.ts';
import type { MayaContext } from './maya-context.ts';
import { operation } from './operation.ts';
import { requireSession } from './session-cookie.ts';

const TipSchema = z.strictObject({
  percentage: z.union([z.literal(10), z.literal(15), z.literal(20)]).nullable(),
}) satisfies z.ZodType<TipRequest>;

const SESSION = { 200: { description: 'The session afterwards.', schema: 'SessionView' } } as const;

/** `POST /api/tip`, `POST /api/pay` and `POST /api/pay/cancel`: the page's buttons do what the tools of the same name do. */
export function paymentRoutes({ bar, sessions, turns }: MayaContext): Hono {
  const routes = new Hono();

  const run = async (session: Session, tool: string, input: Json): Promise<void> => {
    const { answer } = await withSession({ session }, () => runTool(bar, tool, input));
    if (answer.status === 'error')
      throw new Refusal(answer.error, answer.message, { needsReconciliation: answer.needsReconciliation ?? false });
  };

  const tip = operation({
    id: 'setTip',
    summary: 'Sets the tip; the percentage that is set already removes it. Maya reacts to it.',
    session: 'needed',
    body: {
      schema: TipSchema,
      refuse: () => new Refusal('INVALID_TIP_PERCENTAGE', `A tip can be ${TIP_PERCENTAGES.join(', ')} percent, or none.`),
    },
    answers: SESSION,
  });
  routes.post('/tip', tip, async (c) => {
    const session = await requireSession(c, sessions);
    await run(session, 'set_tip', c.req.valid('json'));
    await thankForTip(session);
    return c.json(await turns.view(session));
  });

  const pay = operation({
    id: 'payBill',
    summary: 'Starts the payment of the tab with its tip, or finds the one that is under way; the link to confirm it is in the session.',
    session: 'needed',
    answers: SESSION,
  });
  routes.post('/pay', pay, async (c) => {
    const session = await requireSession(c, sessions);
    await run(session, 'pay_bill', {});
    return c.json(await turns.view(session));
  });

  const cancel = operation({
    id: 'cancelPayment',
    summary: 'Cancels the payment under way; if it was paid meanwhile, that stands.',
    session: 'needed',
    answers: SESSION,
  });
  routes.post('/pay/cancel', cancel, async (c) => {
    const session = await requireSession(c, sessions);
    await cancelPayment(bar, session);
    return c.json(await turns.view(session));
  });
  return routes;
}
