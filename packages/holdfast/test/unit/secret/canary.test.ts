import { Console } from 'node:console';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { defineEffect, defineState, keyFile, Secret, StateManager, type StateHandle } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { z } from 'zod';
import { CHANNELS, listen } from '../../support/channels.ts';
import { Telemetry } from '../../support/telemetry.ts';
import { freshDatabase } from '../../support/test-store.ts';
import { Config, ConfigSchema, type ConfigValue } from './config.ts';

const CANARY = 'sk-canary-7f3d9a1c5e8b2460';

/** The canary as it would look in whatever printed or encoded it; base64 once for each alignment. */
function traces(): readonly Buffer[] {
  const plain = Buffer.from(CANARY);
  const aligned = [0, 1, 2].flatMap((skip) => {
    const part = plain.subarray(skip, skip + Math.floor((plain.length - skip) / 3) * 3);
    return [part.toString('base64'), part.toString('base64url')];
  });
  const texts = [
    CANARY,
    CANARY.slice(0, 12),
    plain.toString('hex'),
    plain.toString('hex').toUpperCase(),
    encodeURIComponent(CANARY),
    ...aligned,
  ];
  return [...texts.map((text) => Buffer.from(text)), Buffer.from(CANARY, 'utf16le')];
}

/** Everything that is written, printed, sent or thrown on the way of a secret through the engine. */
class Witness {
  readonly seen: string[] = [];
  readonly console: Console;

  constructor() {
    const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
      this.seen.push(chunk.toString());
      done();
    };
    const stream = new Writable({ write });
    this.console = new Console({ stdout: stream, stderr: stream, inspectOptions: { depth: 20, showHidden: true } });
  }

  show(value: unknown): void {
    this.console.log(value);
    this.console.log('%o %O %s %j', value, value, value, value);
    this.console.dir(value, { depth: 20, getters: true, showHidden: true });
    this.console.error(inspect(value, { depth: 20, customInspect: false, showHidden: true }));
    this.seen.push(JSON.stringify(value) ?? '');
    if (value instanceof Error)
      this.seen.push(
        value.message,
        value.stack ?? '',
        JSON.stringify(value, Object.getOwnPropertyNames(value)),
        inspect(value.cause, { depth: 20 }),
      );
  }

  async refused(action: () => Promise<unknown>): Promise<string> {
    try {
      await action();
    } catch (error) {
      this.show(error);
      return (error as { code?: string }).code ?? 'Error';
    }
    return 'no refusal';
  }
}

/** `name of the file: what was found` for every place of the bytes. */
function found(files: readonly string[], texts: readonly string[]): readonly string[] {
  const places = [
    ...files.map((path) => [path, readFileSync(path)] as const),
    ...texts.map((text) => ['text', Buffer.from(text)] as const),
  ];
  return places.flatMap(([name, bytes]) => traces().flatMap((trace) => (bytes.includes(trace) ? [`${name}: ${trace.toString()}`] : [])));
}

const Ping = defineEffect({
  name: 'ping',
  input: z.looseObject({}),
  output: z.unknown(),
  states: [Config],
  retry: { firstMs: 1 },
  run: async () => ({ leaked: Secret.of(CANARY) }),
  reconcile: async () => ({ status: 'failed', error: 'gave up' }),
});
/** A state whose schema and invariant quote what they are given. */
const Strict = defineState({
  ...Config,
  name: 'strict',
  schema: ConfigSchema.extend({ note: z.string().refine((note) => note.length === 0, { error: (issue) => `got ${String(issue.input)}` }) }),
  invariants: { 'no gemini': ({ gemini }) => gemini === null || `there is ${String(gemini)}` },
});

describe('a canary among the secrets', () => {
  // Printing whole handles in every way that there is takes a while.
  it('is in no file, message, event, error, export or print, however it goes through the engine', { timeout: 120_000 }, async () => {
    const path = freshDatabase();
    const directory = dirname(path);
    const witness = new Witness();
    const telemetry = new Telemetry();
    for (const channel of CHANNELS) listen(channel, (message) => witness.show({ channel, message }));
    const keys = keyFile(join(directory, 'master.key'));
    const state = await StateManager.open({ store: sqlite(path), keys, effects: [Ping], effectScanEveryMs: 10 });
    const canary = (): Secret => Secret.of(CANARY);
    const bar = state.team('bar');
    const config = await bar.get(Config);
    const feed = state.changes({ since: 0 });
    config.subscribe(
      ({ gemini }) => ({ gemini }),
      (now, was) => witness.show([now, was]),
    );
    config.subscribe(
      ({ gemini }) => gemini,
      (now) => {
        throw new Error(`a listener broke at ${String(now)}`);
      },
    );

    witness.show(
      await config.set(
        { gemini: canary(), providers: { a: { key: canary(), model: 'm' } }, spare: [canary()], note: '' },
        { actor: 'anna' },
      ),
    );
    witness.show(
      await config.update((draft) => {
        draft.providers['b'] = { key: canary(), model: 'm' };
        draft.spare.push(canary());
        draft.spare.reverse();
        return draft.providers;
      }),
    );
    await refusals(witness, state, config, canary);
    await turn();

    const checkpoint = await bar.checkpoint('one');
    const fork = await bar.fork({ secrets: 'copy' });
    const bare = await bar.fork().catch((error: unknown) => error);
    witness.show([await fork.get(Config), fork, bare]);
    await config.update((draft) => void (draft.note = 'x'.repeat(70_000)));
    await config.update((draft) => void (draft.note = 'y'.repeat(70_000)));
    expect(await witness.refused(() => bar.restore(checkpoint))).toBe('RESTORE_REFUSED');
    for (const version of [1, 2, config.version]) witness.show(await config.at(version));
    witness.show(await config.compare(1, 2));
    witness.show(await config.blame(['gemini']));
    witness.show([config, config.current, state, bar, config.current.gemini?.reveal().length]);
    for await (const version of config.history()) witness.show(version);
    for await (const exported of state.export('team:bar')) witness.show(exported);
    for (let seq = 0; seq < config.version;) {
      const { value: commit } = await feed.next();
      witness.show(commit);
      seq = commit?.changes.at(-1)?.version ?? seq;
    }
    await keys.addKey();
    witness.show(await state.rotateKeys());
    await state.backup(join(directory, 'backup.db'));
    const lease = await bar.lease('turn', { holder: 'anna' });
    await lease.release();
    await state.sweep();

    const files = (): string[] => readdirSync(directory).map((name) => join(directory, name));
    expect(
      files()
        .map((file) => file.slice(directory.length + 1))
        .toSorted(),
    ).toEqual(['backup.db', 'master.key', 'state.db', 'state.db-shm', 'state.db-wal']);
    expect(found(files(), [])).toEqual([]);
    expect(config.current.gemini?.reveal()).toBe(CANARY);
    witness.show(await state.erase('team:bar'));
    expect(await witness.refused(async () => config.current)).toBe('NOT_FOUND');
    await state.close();
    witness.seen.push(await telemetry.exported());
    await telemetry[Symbol.asyncDispose]();

    await using copy = await StateManager.open({ store: sqlite(join(directory, 'backup.db')), keys });
    expect((await copy.team('bar').get(Config)).current.gemini?.reveal()).toBe(CANARY);
    expect(found(files(), [])).toEqual([]);
    expect(witness.seen.length).toBeGreaterThan(100);
    const heard = CHANNELS.filter((channel) => witness.seen.some((text) => text.includes(`"channel":"${channel}"`)));
    expect(CHANNELS.filter((channel) => !heard.includes(channel))).toEqual(['holdfast:conflict', 'holdfast:prune', 'holdfast:merge']);
    expect(witness.seen.some((text) => text.includes('holdfast.commit.duration') && text.includes('team:bar/config@2'))).toBe(true);
    expect(witness.seen.some((text) => /\[secret [0-9a-f]{8}\]/.test(text))).toBe(true);
    expect(found([], witness.seen)).toEqual([]);
  });

  it('would be found', () => {
    const encoded = ['', 'x', 'xy'].map((before) => Buffer.from(`${before}${CANARY}`).toString('base64'));
    for (const text of [`a ${CANARY} b`, ...encoded, Buffer.from(CANARY).toString('hex')]) expect(found([], [text])).not.toEqual([]);
  });
});

/** Everything that must not be done with a secret, each answered by an error that does not show it. */
async function refusals(witness: Witness, state: StateManager, config: StateHandle<ConfigValue>, canary: () => Secret): Promise<void> {
  const strict = await state.team('bar').get(Strict);
  const plain = CANARY as unknown as Secret;
  const actions: readonly (readonly [code: string, action: () => Promise<unknown>])[] = [
    ['VALIDATION_FAILED', () => config.update((draft) => void (draft.gemini = plain))],
    ['VALIDATION_FAILED', () => config.update((draft) => void (draft.providers['x'] = { key: [plain] as unknown as Secret, model: 'm' }))],
    ['VALIDATION_FAILED', () => config.set({ ...config.current, spare: [plain] })],
    ['VALIDATION_FAILED', () => config.update((draft) => void (draft.note = canary() as unknown as string))],
    ['VALIDATION_FAILED', () => strict.update((draft) => void (draft.note = canary() as unknown as string))],
    ['VALIDATION_FAILED', () => strict.set({ ...Config.initial, gemini: canary(), note: 'not empty' })],
    ['INVARIANT_VIOLATED', () => strict.set({ ...Config.initial, gemini: canary() })],
    ['INVALID_ARGUMENT', () => config.update(() => canary(), { idempotency: { key: 'one' } })],
    ['INVALID_ARGUMENT', () => config.update((draft) => ({ deep: draft.providers['a'] }), { idempotency: { key: 'two' } })],
    ['INVALID_ARGUMENT', () => config.update(() => undefined, { idempotency: { key: 'three', input: { canary: canary() } } })],
    ['VALIDATION_FAILED', () => config.update((_draft, tx) => tx.effect(Ping, { key: 'p1', input: { canary: canary() } }))],
    ['VALIDATION_FAILED', () => config.update((draft, tx) => tx.effect(Ping, { key: 'p2', input: { providers: draft.providers } }))],
    ['CONCURRENT_MODIFICATION', () => config.update((draft) => void (draft.gemini = canary()), { expectedVersion: 1 })],
    [
      'Error',
      () =>
        config.update((draft) => {
          throw new Error(`a recipe broke at ${String(draft.gemini)}`);
        }),
    ],
    ['INVALID_ARGUMENT', async () => Secret.of(CANARY.repeat(4_000))],
  ];
  for (const [index, [code, action]] of actions.entries()) expect(await witness.refused(action), `refusal ${index}`).toBe(code);
  await config.update((_draft, tx) => tx.effect(Ping, { key: 'p3', input: {} }));
  witness.show(await state.team('bar').effect(Ping, 'p3').outcome());
  witness.show(await state.team('bar').effect(Ping, 'p3').record());
}
