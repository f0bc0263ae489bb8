import { describe, expect, it } from 'vitest';
import { conversationState } from '../../server/state/index.ts';
import { LiveViews } from '../support/live-views.ts';
import { OpenBar } from '../support/open-bar.ts';
import { ScriptedModel } from '../support/scripted-model.ts';

const fails = (): Promise<void> => Promise.reject(new Error('the network is down, key AIzaSyA1234567890abcdef'));

/** A bar that went down while it was about to answer "two martinis please". */
async function cutOffBar(): Promise<{ bar: OpenBar; cookie: string | undefined }> {
  const never = new Promise<void>(() => {});
  const first = await OpenBar.open({
    store: 'sqlite',
    model: new ScriptedModel(['Hello.'], ['Well, ', () => never]),
    drainMs: 10,
    turnLeaseMs: 500,
  });
  const guest = first.visitor();
  await guest.say('hello');
  void guest.say('two martinis please', 'cut').catch(() => undefined);
  await guest.until(({ payment }) => payment.tab > 0);
  return { bar: await first.reopen({ model: new ScriptedModel(['Here I am again.']) }), cookie: guest.cookie };
}

describe('a turn that was cut off', () => {
  it('shows what its tools did', async () => {
    const { bar, cookie } = await cutOffBar();
    await using _ = bar;

    const { messages, payment, isBusy } = await bar.visitor(cookie).session();

    expect(isBusy).toBe(false);
    expect(messages.at(-1)).toMatchObject({
      role: 'assistant',
      isCutOff: true,
      tools: [{ name: 'add_to_order', status: 'ok', summary: '2 × Martini: $26.00' }],
    });
    expect(payment).toMatchObject({ tab: 2600, balance: 97_400 });
  });

  it('is not run again when its message is sent again', async () => {
    const { bar, cookie } = await cutOffBar();
    await using _ = bar;
    const guest = bar.visitor(cookie);
    const before = await guest.session();

    const { reply } = await guest.say('two martinis please', 'cut');

    expect(reply).toEqual(before.messages.at(-1));
    const after = await guest.session();
    expect(after.payment).toEqual(before.payment);
    expect(after.messages).toEqual(before.messages);
  });

  it('stands once in a page that follows the session, before and after it is stored', async () => {
    const { bar, cookie } = await cutOffBar();
    await using _ = bar;
    const guest = bar.visitor(cookie);
    const live = new LiveViews(await bar.visitor(cookie).live(AbortSignal.timeout(20_000)));
    expect((await live.next()).messages.at(-1)).toMatchObject({ id: 'cut.reply', isCutOff: true });

    await guest.say('are you there?');

    expect(await live.next(({ messages, isBusy }) => messages.length === 6 && !isBusy)).toEqual(await guest.session());
  });

  it('leaves no hole in a page that follows the session when it is taken back', async () => {
    const { bar, cookie } = await cutOffBar();
    await using _ = bar;
    const guest = bar.visitor(cookie);
    const live = new LiveViews(await bar.visitor(cookie).live(AbortSignal.timeout(20_000)));
    await live.next();

    const conversation = await bar.maya.state.conversation(guest.sessionId).get(conversationState);
    await conversation.update((draft) => {
      draft.openTurn = null;
    });
    await guest.say('are you there?', 'after');

    const { messages } = await live.next(({ messages: { length }, isBusy }) => length === 5 && !isBusy);
    expect(messages.map(({ id }) => id).slice(2)).toEqual(['cut', 'after', 'after.reply']);
  });

  it('stays in the conversation when it goes on', async () => {
    const { bar, cookie } = await cutOffBar();
    await using _ = bar;
    const guest = bar.visitor(cookie);
    const before = await guest.session();

    const { reply } = await guest.say('are you there?');

    expect(reply?.text).toBe('Here I am again.');
    expect((await guest.session()).messages.slice(0, -2)).toEqual(before.messages);
  });

  it('is a fault of the model too: the guest is told, the tools stand, and the log has it', async () => {
    await using bar = await OpenBar.open({ model: new ScriptedModel([fails], ['Better now.']) });
    const guest = bar.visitor();

    const { error, reply } = await guest.say('a martini please', 'failing');

    expect(reply).toBeUndefined();
    expect(error).toMatchObject({ error: 'INTERNAL', message: expect.stringContaining('Sorry') as string });
    const line = bar.logged.find((each) => each.includes(error!.errorId!));
    expect(line).toContain('the network is down');
    expect(line).not.toContain('AIza');
    const { messages, payment, isBusy, phase } = await guest.session();
    expect(messages.at(-1)).toMatchObject({ isCutOff: true, tools: [{ name: 'add_to_order' }] });
    expect({ tab: payment.tab, isBusy, phase }).toEqual({ tab: 1300, isBusy: false, phase: 'greeting' });
    expect((await guest.say('and now?')).reply?.text).toBe('Better now.');
  });
});
