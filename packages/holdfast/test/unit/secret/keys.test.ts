import { createSecretKey, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { keyFile, keyFromEnvironment, Secret, StateManager, type KeyProvider } from 'holdfast';
import { freshDatabase, testStore } from '../../support/test-store.ts';
import { Config, newKey, testKeys } from './config.ts';

const NAMES = ['HOLDFAST_TEST_KEY', 'HOLDFAST_TEST_OLD_KEY'] as const;
const [KEY, OLD_KEY] = NAMES;
afterEach(() => {
  for (const name of NAMES) delete process.env[name];
});

/** A path in a directory of its own. */
const freshKeyFile = (): string => join(dirname(freshDatabase()), 'master.key');
const refused = { code: 'INVALID_ARGUMENT', data: { argument: 'keys' } };

/** Writes a secret under one provider and reads it under another. */
async function readsWith(writing: KeyProvider, reading: KeyProvider): Promise<string | undefined> {
  const store = testStore();
  const first = await StateManager.open({ store, keys: writing });
  await (await first.team('bar').get(Config)).set({ ...Config.initial, gemini: Secret.of('g1') });
  await first.close();
  await using second = await StateManager.open({ store, keys: reading });
  const { gemini } = (await second.team('bar').get(Config)).current;
  try {
    return gemini?.reveal();
  } catch {
    return undefined;
  }
}

/** What came of it, as a text: the answer, or the code and message of the error. */
function answered<T>(promise: Promise<T>, read: (answer: T) => unknown): Promise<string> {
  return promise.then(
    (answer) => String(read(answer)),
    (error: unknown) => `${(error as { code: string }).code}: ${String(error)}`,
  );
}

describe('a key from the environment', () => {
  it('is 32 bytes in base64, of either alphabet', async () => {
    const bytes = Buffer.concat([Buffer.from([0xfb, 0xff]), randomBytes(30)]);
    process.env[KEY] = bytes.toString('base64');
    process.env[OLD_KEY] = bytes.toString('base64url');
    const [one, other] = [await keyFromEnvironment(KEY).current(), await keyFromEnvironment(OLD_KEY).current()];
    expect(one.key.equals(createSecretKey(bytes))).toBe(true);
    expect(other.id).toBe(one.id);
    expect(await readsWith(keyFromEnvironment(KEY), keyFromEnvironment(OLD_KEY))).toBe('g1');
  });

  it('is a passphrase, under a salt that its id keeps', async () => {
    process.env[KEY] = 'a passphrase of some length';
    const [one, other] = [await keyFromEnvironment(KEY).current(), await keyFromEnvironment(KEY).current()];
    expect(one.id).not.toBe(other.id);
    expect(one.key.equals(other.key)).toBe(false);
    expect(`${one.id}${other.id}`).not.toContain('passphrase');
    expect((await keyFromEnvironment(KEY).byId(one.id))?.key.equals(one.key)).toBe(true);
    process.env[KEY] = 'another passphrase of some length';
    expect(await keyFromEnvironment(KEY).byId(one.id)).toBeUndefined();
  });

  it('is refused when it is missing or short, without being shown', async () => {
    await expect(keyFromEnvironment(KEY).current()).rejects.toMatchObject(refused);
    process.env[KEY] = 'canary';
    await expect(keyFromEnvironment(KEY).current()).rejects.toMatchObject({
      ...refused,
      message: expect.not.stringContaining('canary') as string,
    });
    expect(await keyFromEnvironment(KEY).byId('other')).toBeUndefined();
  });

  it('is rotated with the former one beside it', async () => {
    process.env[KEY] = randomBytes(32).toString('base64');
    process.env[OLD_KEY] = randomBytes(32).toString('base64');
    expect(await readsWith(keyFromEnvironment(OLD_KEY), keyFromEnvironment(KEY, OLD_KEY))).toBe('g1');
    expect(await readsWith(keyFromEnvironment(OLD_KEY), keyFromEnvironment(KEY))).toBeUndefined();
  });
});

describe('a key file', () => {
  it('is made for its owner alone, and read again', async () => {
    const path = freshKeyFile();
    const [one, same] = await Promise.all([keyFile(path).current(), keyFile(path).current()]);
    expect(same.id).toBe(one.id);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await readsWith(keyFile(path), keyFile(path))).toBe('g1');
    expect(await readsWith(keyFile(path), keyFile(freshKeyFile()))).toBeUndefined();
  });

  it('is refused when others may use it', async () => {
    const path = freshKeyFile();
    await keyFile(path).current();
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(path, mode);
      await expect(keyFile(path).current()).rejects.toMatchObject(refused);
    }
  });

  it('is reported when it is damaged, whichever byte or wherever it ends, and neither shown nor replaced', async () => {
    const path = freshKeyFile();
    const { id, key } = await keyFile(path).current();
    const sound = readFileSync(path);
    const text = key.export().toString('base64url');
    const looked = async (bytes: Uint8Array): Promise<void> => {
      writeFileSync(path, bytes);
      const answer = await answered(keyFile(path).byId(id), (found) => found?.key.equals(key));
      expect(answer).toMatch(/^(true$|CORRUPT_STATE: )/);
      expect(answer).not.toContain(text.slice(0, 8));
      expect(readFileSync(path)).toEqual(Buffer.from(bytes));
    };
    for (let at = 0; at < sound.length; at += 1) {
      await looked(sound.subarray(0, at));
      const flipped = Buffer.from(sound);
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      await looked(flipped);
    }
  });

  it('takes a new key in front of the others', async () => {
    const path = freshKeyFile();
    const keys = keyFile(path);
    const old = await keys.current();
    const id = await keys.addKey();
    expect([(await keyFile(path).current()).id, (await keys.byId(old.id))?.key.equals(old.key)]).toEqual([id, true]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const answers = await Promise.all([keys, keyFile(path)].map((each) => answered(each.addKey(), (added) => added)));
    expect(answers.join(' ')).toMatch(/^(INVALID_ARGUMENT:.*|[\w-]+) (INVALID_ARGUMENT:.*|[\w-]+)$/);
    for (const each of [...answers.filter((answer) => !answer.includes(':')), id, old.id]) expect(await keys.byId(each)).toBeDefined();
  });
});

describe('rotating the master key', () => {
  it('wraps every data key anew while other processes write', async () => {
    const [store, keys] = [testStore(), testKeys('old')];
    await using state = await StateManager.open({ store, keys });
    await using other = await StateManager.open({ store, keys });
    const teams = Array.from({ length: 70 }, (_, index) => `team ${index}`);
    const handles = await Promise.all(teams.map((id) => state.team(id).get(Config)));
    await Promise.all(handles.map((config, index) => config.update((draft) => void (draft.gemini = Secret.of(`g${index}`)))));
    const theirs = await other.team('team 0').get(Config);
    await theirs.update((draft) => void draft.spare.push(Secret.of('before')));
    keys.keys.unshift(newKey('new'));
    const [rotation] = await Promise.all([
      state.rotateKeys(),
      ...[1, 2, 3].map((n) => theirs.update((draft) => void draft.spare.push(Secret.of(`s${n}`)))),
    ]);
    expect(rotation).toEqual({ rotated: 70, unreadable: [] });
    expect(await state.rotateKeys()).toEqual({ rotated: 0, unreadable: [] });
    await theirs.update((draft) => void draft.spare.push(Secret.of('after')));
    keys.keys.pop();
    await using last = await StateManager.open({ store, keys });
    const { gemini, spare } = (await last.team('team 0').get(Config)).current;
    expect([gemini?.reveal(), spare.map((each) => each.reveal())]).toEqual(['g0', ['before', 's1', 's2', 's3', 'after']]);
    expect((await last.team('team 69').get(Config)).current.gemini?.reveal()).toBe('g69');
  });

  it('says which data keys it cannot open and leaves them', async () => {
    const [store, keys] = [testStore(), testKeys('lost')];
    await using state = await StateManager.open({ store, keys });
    const config = await state.team('bar').get(Config);
    await config.update((draft) => void (draft.gemini = Secret.of('g1')));
    const [lost] = keys.keys.splice(0, 1, newKey('new'));
    await (await state.team('cafe').get(Config)).update((draft) => void (draft.gemini = Secret.of('c1')));
    expect(await state.rotateKeys()).toEqual({ rotated: 0, unreadable: ['team:bar'] });
    keys.keys.push(lost!);
    expect(await state.rotateKeys()).toEqual({ rotated: 1, unreadable: [] });
    expect(config.current.gemini?.reveal()).toBe('g1');
  });

  it('refuses a master key of another size', async () => {
    await using state = await StateManager.open({
      store: testStore(),
      keys: { current: async () => ({ id: 'short', key: createSecretKey(randomBytes(16)) }), byId: async () => undefined },
    });
    const config = await state.team('bar').get(Config);
    await expect(config.update((draft) => void (draft.gemini = Secret.of('g1')))).rejects.toMatchObject(refused);
  });

  it('needs keys', async () => {
    await using state = await StateManager.open({ store: testStore() });
    await expect(state.rotateKeys()).rejects.toMatchObject(refused);
  });
});
