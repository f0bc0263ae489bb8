import { describe, expectTypeOf, it } from 'vitest';
import { defineState, freeForm, type FreeForm, type StateHandle, type StateManager } from 'holdfast';

const Notes = defineState({ name: 'notes', scope: 'conversation', schema: freeForm, initial: {} });
declare const state: StateManager;
declare const notes: StateHandle<FreeForm>;

describe('a free-form state', () => {
  it('is had like any other', async () => {
    expectTypeOf(await state.conversation('anna').get(Notes)).toEqualTypeOf<StateHandle<FreeForm>>();
    defineState({ name: 'notes', scope: 'team', schema: freeForm, initial: { seats: 4, guests: ['Anna', { name: 'Ben', age: null }] } });
    void notes.set({ seats: 4 });
  });

  it('has drafts that are changed without a cast, all the way down', () => {
    void notes.update((draft) => {
      draft['seats'] = 4;
      draft['guests'] = ['Anna', { name: 'Ben' }];
      draft['guests'].push('Cleo');
      draft['address'] = { street: { name: 'Elm', number: 3 } };
      delete draft['seats'];
    });
    void notes.update((draft) => {
      const { guests, round } = draft;
      if (typeof round === 'number') draft['round'] = round + 1;
      if (Array.isArray(guests)) guests.push({ name: 'Dora' });
      if (typeof guests === 'object' && guests !== null && !Array.isArray(guests)) guests['count'] = 2;
      return Object.keys(draft).length;
    });
  });

  it('holds JSON only, and is read only outside of a recipe', () => {
    void notes.update((draft) => {
      // @ts-expect-error A date is no JSON.
      draft['at'] = new Date();
      // @ts-expect-error A function neither.
      draft['run'] = () => undefined;
    });
    // @ts-expect-error The value is frozen.
    notes.current['seats'] = 5;
    // @ts-expect-error A free-form state is an object.
    defineState({ name: 'list', scope: 'team', schema: freeForm, initial: [] });
  });
});
