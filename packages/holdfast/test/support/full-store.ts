import { Secret, StateManager, type CommitEvent, type HoldfastError } from 'holdfast';
import type { Store } from 'holdfast/store';
import { Config, type TestKeys } from '../unit/secret/config.ts';
import { order, Tab, Till, Wallet } from './bar.ts';
import { prune } from './feed-reader.ts';
import { pay, provider, type Provider } from './payment.ts';

/**
 * Fills a store with one of everything: history that is pruned in part, checkpoints, a fork, parents, secrets, keys of idempotency, an unsettled effect, a
 * lease. Gives the seq behind which a reader of the feed stands.
 */
export async function fillEverything(store: Store, keys: TestKeys): Promise<number> {
  const bank = stuck();
  const state = await StateManager.open({ store, keys, effects: [bank.effect], effectLeaseMs: 50, closeGraceMs: 0 });
  const bar = state.team('bar', { subject: 'bar-owner' });
  await (await bar.get(Config)).set({ gemini: Secret.of('AIza-very-secret'), providers: {}, spare: [], note: 'n' });
  const anna = state.conversation('anna', { parent: bar, subject: 'anna', expiresAfterMs: 1e9 });
  const tab = await anna.get(Tab);
  for (let price = 1; price <= 12; price += 1) {
    await tab.update((draft) => order(draft, `Drink ${price}`, price), { actor: `guest ${price}`, cause: 'thirst' });
    if (price === 3) await anna.checkpoint('early');
    if (price === 8) await anna.fork({ id: 'what if' });
  }
  const { seq } = await store.open();
  const [wallet, till] = [await anna.get(Wallet), await bar.get(Till)];
  await state.transaction([wallet, till], ([from, to]) => void ((from.balance -= 5), (to.taken += 5)), {
    idempotency: { key: 'till', input: 5 },
  });
  await prune(store, { scope: 'conversation', id: 'anna' }, 'tab', 6, [3]);
  await anna.lease('turn', { holder: 'turn 1', ttlMs: 60_000 });
  await pay(state, bank, 'p1', 31, 'ben');
  // The newest eid is one that is gone.
  await (await state.conversation('gone').get(Tab)).update((draft) => order(draft, 'Beer', 4));
  await state.conversation('gone').delete();
  await state.close();
  return seq;
}

/** A provider that never answers. */
function stuck(): Provider {
  return provider({
    run: (_charge, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  });
}

/** What the engine says of a full store; of a copy it must say the same. */
export async function everythingOf(store: Store, keys: TestKeys, since: number): Promise<unknown> {
  const state = await StateManager.open({ store, keys, readOnly: true });
  try {
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    const versions = [];
    for (let version = 1; version <= tab.version; version += 1)
      versions.push(await tab.at(version).catch((error: HoldfastError) => error.code));
    const bar = state.team('bar');
    const events: CommitEvent[] = [];
    const { seq } = await store.open();
    for await (const event of state.changes({ since })) if (events.push(event) && event.seq === seq) break;
    return {
      head: [tab.version, tab.current],
      versions,
      checkpoints: await anna.checkpoints(),
      blame: await tab.blame(['items', 9]),
      timeline: await Array.fromAsync(anna.timeline()),
      fork: (await state.conversation('what if').get(Tab)).current,
      children: await Array.fromAsync(state.export('anna')),
      secret: (await bar.get(Config)).current.gemini?.reveal(),
      events,
      list: await state.list({ scope: 'conversation' }),
      effect: await state.conversation('ben').effect(provider({}).effect, 'p1').record(),
    };
  } finally {
    await state.close();
  }
}
