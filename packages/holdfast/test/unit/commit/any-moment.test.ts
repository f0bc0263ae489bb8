import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { Counter } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

/** More steps than the engine takes from an answer to its rest. */
const STEPS = 60;

async function microtasks(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await Promise.resolve();
}

describe('what is asked for just as the engine comes to rest', () => {
  it('is committed, however many steps after the last answer it comes', async () => {
    await using state = await StateManager.open({ store: testStore() });
    const counter = await state.global().get(Counter);
    for (let steps = 0; steps < STEPS; steps += 1) {
      await counter.update((draft) => void (draft.count += 1));
      await microtasks(steps);
      await counter.update((draft) => void (draft.count += 1));
    }
    expect(counter.current.count).toBe(2 * STEPS);
  });

  it('is read anew, however many steps after an earlier reading began', async () => {
    const store = testStore();
    await using state = await StateManager.open({ store });
    const counter = await state.global().get(Counter);
    await using other = await StateManager.open({ store });
    const theirs = await other.global().get(Counter);
    const seen: number[] = [];
    for (let steps = 0; steps < STEPS; steps += 1) {
      const committing = counter.update((draft) => void (draft.count += 1));
      await microtasks(steps);
      const earlier = theirs.refresh();
      await committing;
      seen.push((await theirs.refresh()).count);
      await earlier;
    }
    expect(seen).toEqual(Array.from({ length: STEPS }, (_, index) => index + 1));
  });
});
