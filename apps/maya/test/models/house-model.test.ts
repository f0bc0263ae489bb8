import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { describe, expect, it } from 'vitest';
import { loadMenu } from '../../server/menu/index.ts';
import { HouseModel } from '../../server/models/house-model.ts';
import { BAR_TOOLS } from '../../server/tools/bar-tools.ts';

const house = new HouseModel({ menu: loadMenu() });
const tools = [...BAR_TOOLS.keys()].map((name) => ({ type: 'function' as const, name, inputSchema: {} }));

function prompt(text: string, phase = 'small_talk'): LanguageModelV4Prompt {
  return [
    { role: 'system', content: `Phase: ${phase}. Be nice.` },
    { role: 'user', content: [{ type: 'text', text }] },
  ];
}

async function answer(asked: LanguageModelV4Prompt, offered = tools): Promise<unknown[]> {
  return (await house.doGenerate({ prompt: asked, tools: offered })).content;
}

describe('the house model', () => {
  it.each([
    ['show me the menu', 'get_menu', {}],
    ['something fruity please', 'get_recommendation', { preference: 'fruity' }],
    ['how much money do I have left?', 'get_balance', {}],
    ["that's all", 'place_order', {}],
    ['cancel my order', 'clear_order', {}],
    ['read my order back', 'confirm_order', {}],
    ['did my payment go through?', 'check_payment_status', {}],
    ['tip 20 percent', 'add_tip', { percentage: 20 }],
    ['tip five dollars', 'add_tip', { amount: 5 }],
    ['no tip', 'set_tip', { percentage: null }],
  ])('answers %j by calling %s with %j', async (text, toolName, input) => {
    const content = await answer(prompt(text));
    expect(content).toEqual([expect.objectContaining({ type: 'tool-call', toolName })]);
    expect(JSON.parse((content[0] as { input: string }).input)).toEqual(input);
  });

  it('calls no tool that it was not offered', async () => {
    expect(await answer(prompt('show me the menu'), [])).toEqual([expect.objectContaining({ type: 'text' })]);
  });

  it('puts a tool’s result into words and does not call the tool again', async () => {
    const asked: LanguageModelV4Prompt = [
      ...prompt('how much money do I have left?'),
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: '1', toolName: 'get_balance', input: {} }] },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: '1',
            toolName: 'get_balance',
            output: { type: 'json', value: { status: 'ok', result: { balance: '$7.00', tab: '$1.00' } } },
          },
        ],
      },
    ];
    expect(await answer(asked)).toEqual([{ type: 'text', text: 'You have $7.00 left, with $1.00 on your tab. [STATE: neutral]' }]);
  });

  it('says a refusal’s message once', async () => {
    const result = { type: 'json' as const, value: { status: 'error', error: 'ITEM_NOT_FOUND', message: 'We have no ambrosia.' } };
    const asked: LanguageModelV4Prompt = [
      ...prompt('ambrosia'),
      {
        role: 'tool',
        content: ['1', '2'].map((toolCallId) => ({ type: 'tool-result', toolCallId, toolName: 'add_to_order', output: result })),
      },
    ];
    expect(await answer(asked)).toEqual([{ type: 'text', text: 'We have no ambrosia. [STATE: thinking]' }]);
  });

  it('tells a price without ordering', async () => {
    expect(await answer(prompt('how much is a martini?'))).toEqual([{ type: 'text', text: 'Martini is $13.00. [STATE: neutral]' }]);
  });

  it.each(['greeting', 'order_taking', 'small_talk', 'reorder_prompt'])(
    'has something to say in the phase %s, the same each time, with one mood at the end',
    async (phase) => {
      const [first, second] = [await answer(prompt('la la la', phase)), await answer(prompt('la la la', phase))];
      expect(first).toEqual(second);
      expect(first).toEqual([{ type: 'text', text: expect.stringMatching(/^[^[]{10,} \[STATE: (?:neutral|happy|thinking)\]$/) as string }]);
    },
  );

  it('streams what it would generate, word by word', async () => {
    const { stream } = await house.doStream({ prompt: prompt('tell me a joke'), tools });
    const parts = await Array.fromAsync(stream);
    const deltas = parts.flatMap((part) => (part.type === 'text-delta' ? [part.delta] : []));
    expect([{ type: 'text', text: deltas.join('') }]).toEqual(await answer(prompt('tell me a joke')));
    expect(deltas.length).toBeGreaterThan(8);
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'stop' } });
  });
});
