import { expect, it } from 'vitest';
import { defineEffect, StateManager } from 'holdfast';
import { z } from 'zod';
import { ConversationPrefs } from '../../support/scopes.ts';
import { testStore } from '../../support/test-store.ts';

/** Nobody ever learns what became of it. */
const Ring = defineEffect({
  name: 'ring',
  input: z.string(),
  output: z.string(),
  states: [],
  run: () => Promise.reject(new Error('no answer')),
  settle: () => undefined,
});

it('an unsettled effect, however deep, keeps an entity from being ended, and nothing is deleted; abandoned it goes', async () => {
  const store = testStore();
  await using state = await StateManager.open({ store, effects: [Ring] });
  const flow = state.workflow('round', { parent: state.team('bar') });
  const [free, ringing] = [state.conversation('a', { parent: flow }), state.conversation('b', { parent: flow })];
  await (await free.get(ConversationPrefs)).set({ sound: true });
  await (await ringing.get(ConversationPrefs)).update((_, tx) => tx.effect(Ring, { key: '1', input: '' }));
  await ringing.effect(Ring, '1').outcome({ unknown: true });
  await expect(state.team('bar').end()).rejects.toMatchObject({
    code: 'EFFECT_UNKNOWN',
    data: { entity: 'conversation:b', effect: 'ring', key: '1' },
  });
  expect(await free.exists()).toBe(true);
  await state.team('bar').end({ unsettled: 'abandon' });
  expect(await store.entities({}, undefined, 10)).toEqual([]);
});
