import { describe, expect, test } from 'vitest';
import { MethodTable } from '../../methods/method-table.ts';
import { checkpointMethods } from '../../runs/checkpoint-methods.ts';
import { Journal } from '../../runs/journal.ts';
import { callMethod } from '../support/call-method.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openHome } from '../support/open-home.ts';

async function open() {
  const clock = new ManualClock('2026-03-02T09:00:00-05:00');
  const { state } = await openHome({ clock });
  const table = new MethodTable(checkpointMethods({ state, clock }));
  const anna = await Journal.open(state, 'conversation', 'anna');
  await anna.setStage('planning');
  const call = async <T = object>(name: string, input: object = {}): Promise<T> =>
    await callMethod<T>(table, `checkpoint_${name}`, { id: 'anna', ...input });
  const fork = async (input: object = {}): Promise<Journal> => {
    const { id } = await call<{ id: string }>('fork', input);
    return await Journal.open(state, 'conversation', id);
  };
  return { state, clock, table, anna, call, fork };
}

describe('a checkpoint', () => {
  test('is put with tags and a description, and listed, the newest first', async () => {
    const { call } = await open();
    await call('create', { name: 'before', tags: ['payment'], description: 'Before paying' });
    await call('create', { name: 'after' });
    await expect(call('list')).resolves.toMatchObject({
      checkpoints: [{ name: 'after', tags: [], description: null }, { name: 'before' }],
    });
    await expect(call('list', { tag: 'payment' })).resolves.toMatchObject({
      checkpoints: [{ name: 'before', tags: ['payment'], description: 'Before paying', at: '2026-03-02T14:00:00.000Z' }],
    });
    await expect(call('create', { name: 'before' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(call('create', { name: 'auto-1' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('is put by itself after every five tool calls; the newest fifty stay', async () => {
    const { anna, call, state } = await open();
    const names = async (): Promise<readonly string[]> => {
      await state.flush();
      const { checkpoints } = await call<{ checkpoints: readonly { name: string }[] }>('list');
      return checkpoints.map(({ name }) => name);
    };
    for (let index = 1; index <= 4; index += 1) await anna.called(`call-${index}`, { tool: 'git_status' });
    expect(await names()).toEqual([]);
    await anna.called('call-5', { tool: 'git_status' });
    expect(await names()).toEqual(['auto-1']);
    for (let first = 6; first <= 260; first += 5) {
      await Promise.all([0, 1, 2, 3, 4].map((more) => anna.called(`call-${first + more}`, { tool: 'git_status' })));
      await state.flush();
    }
    const kept = await names();
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([50, 'auto-52', 'auto-3']);
  });

  test('is compared with another one by stage, messages, tools and files', async () => {
    const { anna, call } = await open();
    await anna.noteFile('menu.md', 'a');
    await anna.noteFile('old.md', 'a');
    await call('create', { name: 'one' });
    await anna.setStage('testing');
    const said = await anna.say('anna', 'Look');
    await anna.called('c1', { tool: 'git_status' });
    await anna.called('c2', { tool: 'git_status' });
    await anna.noteFile('menu.md', 'b');
    await anna.noteFile('new.md', 'a');
    await anna.noteFile('old.md', null);
    await call('create', { name: 'two' });
    await anna.setStage('done');
    const expected = {
      stage: { from: 'planning', to: 'testing', isSame: false },
      messages: { added: [said], removed: [], newest: [{ from: 'anna', text: 'Look' }] },
      tools: { added: ['c1', 'c2'], called: { git_status: 2 } },
      files: { added: ['new.md'], removed: ['old.md'], changed: ['menu.md'] },
      status: { isSame: true },
    };
    await expect(call('compare', { from: 'one', to: 'two' })).resolves.toMatchObject(expected);
    await expect(call('compare', { from: 'two' })).resolves.toMatchObject({
      stage: { to: 'done' },
      messages: { added: [] },
      files: { changed: [] },
    });
    await expect(call('compare', { from: 'one', to: 'three' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is gone back to, and what came after stays in the history', async () => {
    const { anna, call } = await open();
    await call('create', { name: 'one' });
    await anna.setStage('testing');
    await expect(call('restore', { name: 'one' })).resolves.toEqual({ restored: 'one', seq: expect.any(Number) as number });
    expect(anna.current.stage).toBe('planning');
    await expect(anna.at(2)).resolves.toMatchObject({ stage: 'testing' });
    await expect(call('restore', { name: 'nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a fork', () => {
  test('begins at a checkpoint and leaves its original alone', async () => {
    const { anna, call, fork } = await open();
    await call('create', { name: 'one' });
    await anna.setStage('testing');
    const attempt = await fork({ checkpoint: 'one', fork_id: 'attempt' });
    expect(attempt.current.stage).toBe('planning');
    await attempt.setStage('dreaming');
    expect(anna.current.stage).toBe('testing');
    await expect(call('fork', { fork_id: 'attempt' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('that alone went on is merged as it is', async () => {
    const { anna, call, fork } = await open();
    const attempt = await fork();
    await attempt.setStage('testing');
    await expect(call('merge', { fork_id: attempt.id })).resolves.toEqual({ kind: 'fast-forward', conflicts: [] });
    expect(anna.current.stage).toBe('testing');
    await expect(call('merge', { fork_id: attempt.id })).resolves.toMatchObject({ kind: 'nothing' });
  });

  test('is merged three-way when both went on: what was said and called on both sides is there', async () => {
    const { anna, call, fork } = await open();
    await anna.say('anna', 'before');
    const attempt = await fork();
    await attempt.say('ben', 'there');
    await attempt.called('c1', { tool: 'git_push' });
    await anna.say('anna', 'here');
    await expect(call('merge', { fork_id: attempt.id })).resolves.toEqual({ kind: 'three-way', conflicts: [] });
    expect(
      anna
        .messages()
        .map(({ text }) => text)
        .toSorted(),
    ).toEqual(['before', 'here', 'there']);
    expect(Object.keys(anna.current.tools)).toEqual(['c1']);
  });

  test('that changed the same place is not merged until each conflict is resolved', async () => {
    const { anna, call, fork } = await open();
    const attempt = await fork();
    await attempt.setStage('theirs');
    await attempt.noteFile('menu.md', 'theirs');
    await attempt.say('ben', 'there');
    await anna.setStage('ours');
    await anna.noteFile('menu.md', 'ours');
    const conflicts = [
      { state: 'journal', path: ['stage'], base: 'planning', ours: 'ours', theirs: 'theirs' },
      { state: 'journal', path: ['files', 'menu.md'] },
    ];
    const refused = { kind: 'conflicts', conflicts };
    await expect(call('merge', { fork_id: attempt.id })).resolves.toMatchObject(refused);
    await expect(call('merge', { fork_id: attempt.id, resolutions: [{ path: ['stage'], take: 'theirs' }] })).resolves.toMatchObject(
      refused,
    );
    expect(anna.current).toMatchObject({ stage: 'ours', files: { 'menu.md': { hash: 'ours' } }, messages: {} });
    const { conflicts: all } = await call<{ conflicts: { path: (string | number)[] }[] }>('merge', { fork_id: attempt.id });
    const resolutions = all.map(({ path }) => ({ path, take: path[0] === 'stage' ? 'theirs' : 'ours' }));
    await expect(call('merge', { fork_id: attempt.id, resolutions })).resolves.toMatchObject({ kind: 'three-way' });
    expect(anna.current).toMatchObject({ stage: 'theirs', files: { 'menu.md': { hash: 'ours' } } });
    expect(anna.messages().map(({ text }) => text)).toEqual(['there']);
  });

  test('of another conversation is not merged', async () => {
    const { state, call } = await open();
    await (await Journal.open(state, 'conversation', 'ben')).setStage('x');
    await expect(call('merge', { fork_id: 'ben' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(call('merge', { fork_id: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is in the tree and the timeline', async () => {
    const { anna, call, fork } = await open();
    await anna.called('c1', { tool: 'git_status' });
    await call('create', { name: 'one', description: 'Here' });
    await fork({ checkpoint: 'one', fork_id: 'attempt' });
    await expect(call('tree')).resolves.toMatchObject({
      text: expect.stringContaining('attempt') as string,
      tree: { entity: { id: 'anna' }, forks: [{ entity: { id: 'attempt' }, branch: { checkpoint: 'one' } }] },
    });
    const { text, entries } = await call<{ text: string; entries: { kind: string; seq: number }[] }>('timeline');
    expect(entries.map(({ kind }) => kind)).toEqual(['commit', 'commit', 'checkpoint']);
    expect(text).toMatch(/◆ one .*Here/);
    expect(text).toContain('(c1)');
    await expect(call('timeline', { limit: 1 })).resolves.toMatchObject({ entries: [{ kind: 'commit' }] });
    await expect(call('timeline', { since: entries[1]!.seq })).resolves.toMatchObject({ entries: [{ kind: 'checkpoint' }] });
  });
});

test('what is not there is not made by asking', async () => {
  const { table, state } = await open();
  await expect(table.call('checkpoint_list', { scope: 'team', id: 'bar' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(table.call('checkpoint_create', { scope: 'galaxy', id: 'bar', name: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await expect(table.call('checkpoint_tree', { id: 'a\nb' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(await state.team('bar').exists()).toBe(false);
});
