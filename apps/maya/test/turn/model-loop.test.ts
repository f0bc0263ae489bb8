import { describe, expect, it } from 'vitest';
import { OpenBar } from '../support/open-bar.ts';
import { ScriptedModel } from '../support/scripted-model.ts';

/** Who made the commits of a turn, by which call, and which states they changed. */
async function commitsOf(bar: OpenBar, turnId: string): Promise<unknown[]> {
  const commits: unknown[] = [];
  for await (const { actor, cause, toolCall, changes } of bar.maya.state.changes({ scope: 'conversation', since: 0 })) {
    if (cause === turnId) commits.push([actor, toolCall, changes.map(({ state }) => state).toSorted()]);
    if (commits.length > 1 && actor === 'maya') break;
  }
  return commits;
}

describe('a model at the bar', () => {
  it('is given phase, menu, the last ten messages and what the tools have done already', async () => {
    const model = new ScriptedModel(['Fine.']);
    await using bar = await OpenBar.open({ model });
    const guest = bar.visitor();
    for (let turn = 0; turn < 6; turn++) await guest.say(`story ${turn}`);

    await guest.say('a martini please');

    const { prompt, tools } = model.asked.at(-1)!;
    expect(prompt[0]).toMatchObject({
      role: 'system',
      content: expect.stringMatching(/^Phase: order_taking.*Martini \$13\.00.*base liquor of a cocktail is Vodka/s) as string,
    });
    // Ten of before, the guest's last one, and the calls that were made for it.
    expect(prompt.filter(({ role }) => role === 'user' || role === 'assistant')).toHaveLength(12);
    expect(prompt.at(-1)).toMatchObject({
      role: 'tool',
      content: [{ toolName: 'add_to_order', output: { type: 'json', value: { status: 'ok', result: { tab: '$13.00' } } } }],
    });
    expect(tools?.map(({ name }) => name).toSorted()).toEqual([
      'add_tip',
      'add_to_order',
      'check_payment_status',
      'clear_order',
      'confirm_order',
      'create_stripe_payment',
      'get_balance',
      'get_bill',
      'get_menu',
      'get_order',
      'get_recommendation',
      'get_tip',
      'pay_bill',
      'place_order',
      'set_tip',
    ]);
  });

  it('calls tools, each in a commit of its own, and gets their answers', async () => {
    const model = new ScriptedModel(
      [
        { tool: 'add_to_order', input: { item_name: 'negroni', quantity: 2 } },
        { tool: 'add_tip', input: { percentage: 10 } },
      ],
      ['There you go. [STATE: happy]'],
    );
    await using bar = await OpenBar.open({ model });
    const guest = bar.visitor();

    const { reply } = await guest.say('surprise me', 'surprise');

    expect(reply).toMatchObject({ text: 'There you go.', emotion: 'happy' });
    expect(reply?.tools).toEqual([
      { name: 'add_to_order', status: 'ok', summary: '2 × Negroni: $22.00' },
      { name: 'add_tip', status: 'ok', summary: '10 %: $2.20' },
    ]);
    expect((await guest.session()).payment).toMatchObject({ tab: 2200, tip: 220 });
    expect(JSON.stringify(model.asked[1]?.prompt)).toContain('"tab":"$22.00"');
    expect(await commitsOf(bar, 'surprise')).toEqual([
      ['guest', undefined, ['conversation']],
      ['tool:add_to_order', 'surprise/0', ['conversation', 'currentOrder', 'orderHistory', 'payment']],
      ['tool:add_tip', 'surprise/1', ['conversation', 'payment']],
      ['maya', undefined, ['conversation']],
    ]);
  });

  it('gets refusals, wrong arguments and unknown tools back as errors, and nothing was changed', async () => {
    const model = new ScriptedModel(
      [
        { tool: 'add_to_order', input: { item_name: 'ambrosia' } },
        { tool: 'add_to_order', input: { item_name: 'Martini', quantity: -1 } },
        { tool: 'add_to_order', input: { item_name: 'Martini', modifiers: ['on fire'] } },
        { tool: 'add_to_order', input: { item_name: 'Martini', quantity: '2' } },
        { tool: 'set_tip', input: { percentage: 99 } },
        { tool: 'open_the_safe', input: {} },
        { tool: 'constructor', input: {} },
        { tool: '__proto__', input: {} },
      ],
      ['Sorry.'],
    );
    await using bar = await OpenBar.open({ model });
    const guest = bar.visitor();

    await guest.say('do something');

    const answers = JSON.stringify(model.asked[1]?.prompt.slice(-1));
    for (const code of ['ITEM_NOT_FOUND', 'INVALID_QUANTITY', 'INVALID_TIP_PERCENTAGE', 'open_the_safe']) expect(answers).toContain(code);
    expect(answers).toContain('shaken');
    expect((await guest.session()).payment).toMatchObject({ balance: 100_000, tab: 0, tip: 0 });
  });

  it('that takes too long has failed, and the next message is answered', async () => {
    const model = new ScriptedModel(['Well, ', () => new Promise(() => undefined)], ['At once.']);
    await using bar = await OpenBar.open({ model, modelLimits: { timeMs: 50 } });
    const guest = bar.visitor();
    expect((await guest.say('hello')).error).toMatchObject({ error: 'MODEL_UNREACHABLE' });
    expect(bar.logged.join('')).toContain('did not answer in 50 ms');
    expect((await guest.say('hello?')).reply?.text).toBe('At once.');
  });

  it('has to answer after eight rounds of tools', async () => {
    const rounds = Array.from({ length: 8 }, () => [{ tool: 'get_balance', input: {} }]);
    const model = new ScriptedModel(...rounds, ['Enough of that.']);
    await using bar = await OpenBar.open({ model });

    const { reply } = await bar.visitor().say('loop');

    expect(model.asked).toHaveLength(9);
    expect(model.asked.at(-1)?.toolChoice).toEqual({ type: 'none' });
    expect(reply?.text).toBe('Enough of that.');
    expect(reply?.tools).toHaveLength(8);
  });
});
