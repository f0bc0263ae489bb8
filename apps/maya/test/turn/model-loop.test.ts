import { describe, expect, it } from 'vitest';
import { OpenBar } from '../support/open-bar.ts';
import { ScriptedModel } from '../support/scripted-model.ts';

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
    expect(prompt.filter(({ role }) => role === 'user' || role === 'assistant')).toHaveLength(11);
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

    const { reply } = await guest.say('surprise me');

    expect(reply).toMatchObject({ text: 'There you go.', emotion: 'happy' });
    expect(reply?.tools).toEqual([
      { name: 'add_to_order', status: 'ok', summary: '2 × Negroni: $22.00' },
      { name: 'add_tip', status: 'ok', summary: '10 %: $2.20' },
    ]);
    expect((await guest.session()).payment).toMatchObject({ tab: 2200, tip: 220 });
    expect(JSON.stringify(model.asked[1]?.prompt)).toContain('"tab":"$22.00"');
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
