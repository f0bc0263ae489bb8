import { describe, expect, it } from 'vitest';
import { defineState, Secret, StateManager } from 'holdfast';
import { emptyCommit, type Store } from 'holdfast/store';
import { testStore } from '../../support/test-store.ts';
import { Config, testKeys } from './config.ts';

interface Envelope {
  readonly $secret: 1;
  readonly kid: string;
  readonly at: string;
  readonly fp: string;
  readonly iv: string;
  readonly data: string;
}
type Stored = { gemini: Envelope | null; providers: Record<string, { key: Envelope; model: string }>; spare: Envelope[]; note: string };

const unreadable = expect.objectContaining({ code: 'SECRET_UNREADABLE' }) as Error;

/** Writes secrets, changes what is stored of them behind the engine's back, and reads them again. */
async function tampered(change: (stored: Stored, other: Stored) => unknown): Promise<typeof Config.initial> {
  const [store, keys] = [testStore(), testKeys()];
  const first = await StateManager.open({ store, keys });
  for (const id of ['bar', 'cafe']) {
    await (
      await first.team(id).get(Config)
    ).set({ gemini: Secret.of('g1'), providers: { a: { key: Secret.of('a1'), model: 'm' } }, spare: [Secret.of('s1')], note: '' });
  }
  await first.close();
  await store.open();
  const [bar, cafe] = [await storedOf(store, 'bar'), await storedOf(store, 'cafe')];
  const body = JSON.stringify(change(bar.value, cafe.value) ?? bar.value);
  await store.commit([
    {
      ...emptyCommit(),
      expects: [{ eid: bar.eid, state: 'config', version: 1 }],
      changes: [{ eid: bar.eid, state: 'config', version: 2, defVersion: 1, kind: 'full', body }],
    },
  ]);
  await store.close();
  await using second = await StateManager.open({ store, keys });
  return (await second.team('bar').get(Config)).current;
}

async function storedOf(store: Store, id: string): Promise<{ eid: number; value: Stored }> {
  const eid = (await store.entity('team', id))?.eid as number;
  return { eid, value: JSON.parse((await store.load(eid, 'config'))?.base.body as string) as Stored };
}

describe('a stored secret', () => {
  it('is an envelope of ciphertext', async () => {
    let envelope: Envelope | null = null;
    const { gemini } = await tampered(({ gemini: stored }) => void (envelope = stored));
    expect(envelope).toMatchObject({
      $secret: 1,
      at: 'gemini',
      fp: gemini?.fingerprint,
      iv: expect.stringMatching(/^[\w-]{16}$/) as string,
      data: expect.stringMatching(/^[\w-]{24}$/) as string,
    });
    expect(gemini?.reveal()).toBe('g1');
  });

  it('does not open after any of its parts was changed', async () => {
    for (const part of ['kid', 'fp', 'iv', 'data'] as const) {
      const { gemini, spare } = await tampered((stored) => {
        const text = stored.gemini?.[part] as string;
        return { ...stored, gemini: { ...stored.gemini, [part]: (text.startsWith('0') ? '1' : '0') + text.slice(1) } };
      });
      expect(() => gemini?.reveal(), part).toThrow(unreadable);
      expect(spare[0]?.reveal()).toBe('s1');
    }
  });

  it('does not open in another place, under another name of its place, or in the state of another subject', async () => {
    const swapped = await tampered((stored) => ({ ...stored, gemini: stored.spare[0], spare: [stored.gemini] }));
    expect(() => swapped.gemini?.reveal()).toThrow(unreadable);
    expect(() => swapped.spare[0]?.reveal()).toThrow(unreadable);
    const renamed = await tampered((stored) => ({ ...stored, gemini: { ...stored.spare[0], at: 'gemini' } }));
    expect(() => renamed.gemini?.reveal()).toThrow(unreadable);
    const foreign = await tampered((stored, other) => ({ ...stored, gemini: other.gemini }));
    expect(() => foreign.gemini?.reveal()).toThrow(unreadable);
    const moved = await tampered((stored) => ({ ...stored, providers: { b: stored.providers['a'] } }));
    expect(moved.providers['b']?.key?.reveal()).toBe('a1');
  });

  it('does not open in another state of its subject', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const Copy = defineState({ ...Config, name: 'copy' });
    const first = await StateManager.open({ store, keys });
    await (await first.team('bar').get(Config)).set({ ...Config.initial, gemini: Secret.of('g1') });
    await first.close();
    await store.open();
    const { eid, value } = await storedOf(store, 'bar');
    await store.commit([
      {
        ...emptyCommit(),
        expects: [{ eid, state: 'copy', version: 0 }],
        changes: [{ eid, state: 'copy', version: 1, defVersion: 1, kind: 'full', body: JSON.stringify(value) }],
      },
    ]);
    await store.close();
    await using second = await StateManager.open({ store, keys });
    const copy = await second.team('bar').get(Copy);
    expect(() => copy.current.gemini?.reveal()).toThrow(unreadable);
    await copy.update((draft) => void (draft.gemini = Secret.of('g2')));
    expect(copy.current.gemini?.reveal()).toBe('g2');
  });

  it('that was moved does not keep the rest of the state from being written', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const first = await StateManager.open({ store, keys });
    await (await first.team('bar').get(Config)).set({ ...Config.initial, gemini: Secret.of('g1') });
    await first.close();
    await store.open();
    const { eid, value } = await storedOf(store, 'bar');
    const body = JSON.stringify({ ...value, gemini: null, spare: [value.gemini] });
    await store.commit([
      {
        ...emptyCommit(),
        expects: [{ eid, state: 'config', version: 1 }],
        changes: [{ eid, state: 'config', version: 2, defVersion: 1, kind: 'full', body }],
      },
    ]);
    await store.close();
    await using second = await StateManager.open({ store, keys });
    const config = await second.team('bar').get(Config);
    await config.update((draft) => void (draft.note = 'goes on'));
    expect(() => config.current.spare[0]?.reveal()).toThrow(unreadable);
    await config.update((draft) => void (draft.spare = []));
    expect(config.current).toMatchObject({ note: 'goes on', spare: [] });
  });
});
