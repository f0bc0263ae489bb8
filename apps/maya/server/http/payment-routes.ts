import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Json } from 'holdfast';
import { z } from 'zod';
import { cancelPayment } from '../payments/payment-under-way.ts';
import { TIP_PERCENTAGES } from '../payments/tip-rules.ts';
import { Refusal } from '../refusal.ts';
import { withSession } from '../session/session-context.ts';
import type { Session } from '../session/session.ts';
import { runTool } from '../tools/run-tool.ts';
import { thankForTip } from '../payments/tip-reaction.ts';
import type { MayaContext } from './maya-context.ts';
import { requireSession } from './session-cookie.ts';

const TipSchema = z.object({ percentage: z.number().nullable() });

/** `POST /api/tip`, `POST /api/pay` and `POST /api/pay/cancel`: the page's buttons do what the tools of the same name do. */
export function paymentRoutes({ bar, sessions, turns }: MayaContext): Hono {
  const routes = new Hono();
  routes.use(bodyLimit({ maxSize: 4_096 }));

  const run = async (session: Session, tool: string, input: Json): Promise<void> => {
    const { answer } = await withSession({ session }, () => runTool(bar, tool, input));
    if (answer.status === 'error')
      throw new Refusal(answer.error, answer.message, { needsReconciliation: answer.needsReconciliation ?? false });
  };

  routes.post('/tip', async (c) => {
    const session = await requireSession(c, sessions);
    const body = TipSchema.safeParse(await c.req.json<unknown>().catch(() => undefined));
    if (!body.success) throw new Refusal('INVALID_TIP_PERCENTAGE', `A tip can be ${TIP_PERCENTAGES.join(', ')} percent, or none.`);
    await run(session, 'set_tip', body.data);
    await thankForTip(session);
    return c.json(await turns.view(session));
  });

  routes.post('/pay', async (c) => {
    const session = await requireSession(c, sessions);
    await run(session, 'pay_bill', {});
    return c.json(await turns.view(session));
  });

  routes.post('/pay/cancel', async (c) => {
    const session = await requireSession(c, sessions);
    await cancelPayment(bar, session);
    return c.json(await turns.view(session));
  });
  return routes;
}
