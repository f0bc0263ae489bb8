import { describe, expect, it } from 'vitest';
import type { ChatEvents } from '../../server/http/contract.ts';
import { MayaProcess } from '../support/maya-process.ts';
import { readEvents } from '../support/read-events.ts';
import { Visitor } from '../support/visitor.ts';

describe('SIGTERM', { timeout: 60_000 }, () => {
  it('in the middle of a streamed answer lets the answer come to its end, and loses nothing', async () => {
    await using maya = await MayaProcess.start({ wordDelayMs: 40 });
    const guest = new Visitor(maya.url);
    const response = await guest.post('/api/chat', { id: 'last', text: 'two dry martinis and a tap beer, please' });
    const heard: string[] = [];
    let exited: Promise<number | null> | undefined;
    let reply = '';
    for await (const { name, data } of readEvents(response)) {
      heard.push(name);
      if (name === 'text') exited ??= maya.terminate();
      if (name === 'complete') reply = (data as ChatEvents['complete']).message.text;
    }
    expect(heard.at(-1)).toBe('complete');
    expect(await exited).toBe(0);

    await maya.restart();
    const session = await guest.session();
    expect(session.payment.tab).toBe(3100);
    expect(session.messages.at(-1)).toMatchObject({ role: 'assistant', text: reply });
    expect(session.messages.at(-1)?.isCutOff).toBeUndefined();
  });

  it('tells open pages, and takes no new message', async () => {
    await using maya = await MayaProcess.start({ wordDelayMs: 40 });
    const guest = new Visitor(maya.url);
    await guest.say('a rum please');
    const live = await guest.live(AbortSignal.timeout(20_000));
    await live.next();
    const exited = maya.terminate();
    let last = await live.next();
    while (!last.done && last.value.name !== 'ended') last = await live.next();
    expect(last.value).toEqual({ name: 'ended', data: { reason: 'shutdown' } });
    expect(await exited).toBe(0);
  });

  it('in the middle of a payment leaves it to the next start, which settles it once', async () => {
    await using maya = await MayaProcess.start();
    const guest = new Visitor(maya.url);
    await guest.say('a martini please');
    await guest.post('/api/pay');
    const { link } = (await guest.session()).payment;
    const confirming = new Visitor(maya.url).post(`${link}/confirm`).catch(() => undefined);
    expect(await maya.terminate()).toBe(0);
    await confirming;

    await maya.restart();
    await new Visitor(maya.url).post(`${link}/confirm`);
    const { payment } = await guest.until((session) => session.payment.status === 'completed');
    expect(payment).toMatchObject({ tab: 0, paidTotal: 1300, balance: 98_700, needsReconciliation: false });
  });
});
