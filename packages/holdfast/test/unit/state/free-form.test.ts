import { describe, expect, it } from 'vitest';
import { defineState, freeForm, type FreeForm, type StateDefinition } from 'holdfast';
import { openManager } from '../../support/bar.ts';

const Notes: StateDefinition<FreeForm, 'conversation', 'notes'> = defineState({
  name: 'notes',
  scope: 'conversation',
  schema: freeForm,
  initial: {},
});

describe('a free-form state', () => {
  it('takes any JSON object, and every later change of it', async () => {
    await using state = await openManager();
    const notes = await state.conversation('anna').get(Notes);
    await notes.update((draft) => void (draft['guests'] = ['Anna', { name: 'Ben', age: null }]));
    await notes.update((draft) => {
      const { guests } = draft;
      if (Array.isArray(guests)) guests.push(3);
    });
    expect(notes.current).toEqual({ guests: ['Anna', { name: 'Ben', age: null }, 3] });
  });

  it('refuses what is no JSON with its path, and what is no object', async () => {
    await using state = await openManager();
    const notes = await state.conversation('anna').get(Notes);
    await expect(notes.update((draft) => void (draft['seats'] = [{ count: Number.NaN }]))).rejects.toMatchObject({
      data: { issues: [{ path: ['seats', 0, 'count'] }] },
    });
    await expect(notes.set([] as unknown as FreeForm)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(notes.version).toBe(0);
  });
});
