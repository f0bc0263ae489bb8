import { describe, expect, test } from 'vitest';
import { openMemoryFolder, type MemoryFolder } from '../support/memory-folder.ts';

const KEY = 'knowledge/x';

async function withContent(content: object): Promise<MemoryFolder> {
  const folder = await openMemoryFolder();
  await folder.call('memory_write', { key: KEY, content });
  return folder;
}

describe('update', () => {
  test.each([
    ['a.b', 2, { a: { b: 2 } }],
    ['a.new.deep', 'x', { a: { b: 1, new: { deep: 'x' } } }],
    ['list.1', 'second', { list: [1, 'second'] }],
    ['list.0', [{}], { list: [[{}]] }],
    [String.raw`a.b\.c`, 3, { a: { b: 1, 'b.c': 3 } }],
    ['a', null, { a: null }],
  ])('sets what is at %s', async (path, value, expected) => {
    const { call, content } = await withContent({ a: { b: 1 }, list: [1] });
    await call('memory_update', { key: KEY, path, value });
    await expect(content(KEY)).resolves.toMatchObject(expected);
  });

  test.each([
    ['list.3', 'REFUSED'],
    ['list.first', 'REFUSED'],
    ['list.-1', 'REFUSED'],
    ['a.b.c', 'REFUSED'],
    ['', 'INVALID_INPUT'],
    ['a..b', 'INVALID_INPUT'],
    ['.a', 'INVALID_INPUT'],
    ['a.', 'INVALID_INPUT'],
    ['__proto__.polluted', 'INVALID_INPUT'],
    ['a.constructor.prototype.polluted', 'INVALID_INPUT'],
    ['a.'.repeat(40) + 'b', 'INVALID_INPUT'],
  ])('refuses %j and changes nothing', async (path, code) => {
    const { call, workbench } = await withContent({ a: { b: 1 }, list: [1] });
    await expect(call('memory_update', { key: KEY, path, value: 1 })).rejects.toMatchObject({ code });
    await expect(workbench.memory.documents.read(KEY)).resolves.toMatchObject({ version: 1 });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('of a document that nobody knows is refused, and of one that the Workbench knows begins it', async () => {
    const { call, content } = await openMemoryFolder();
    await expect(call('memory_update', { key: 'knowledge/slip', path: 'a', value: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await call('memory_update', { key: 'state/environments', path: 'environments.prod.status', value: 'ok' });
    await expect(content('state/environments')).resolves.toEqual({ environments: { prod: { status: 'ok' } } });
  });
});

describe('append', () => {
  test('replaces the item with the same key in its place', async () => {
    const { call, content } = await withContent({ mrs: [{ id: 1, at: 'a' }, { id: 2 }] });
    await expect(call('memory_append', { key: KEY, path: 'mrs', item: { id: '1', at: 'b' }, match_key: 'id' })).resolves.toMatchObject({
      replaced: true,
    });
    await expect(call('memory_append', { key: KEY, path: 'mrs', item: { id: 3 }, match_key: 'id' })).resolves.toMatchObject({
      replaced: false,
    });
    await expect(content(KEY)).resolves.toEqual({ mrs: [{ id: '1', at: 'b' }, { id: 2 }, { id: 3 }] });
  });

  test('makes a list that is not there, and none of what is no list', async () => {
    const { call, content } = await withContent({ text: 'x' });
    await call('memory_append', { key: KEY, path: 'a.list', item: 1 });
    await expect(content(KEY)).resolves.toEqual({ text: 'x', a: { list: [1] } });
    await expect(call('memory_append', { key: KEY, path: 'text', item: 1 })).rejects.toMatchObject({ code: 'REFUSED' });
  });

  test('an item without the key to match by is refused', async () => {
    const { call } = await withContent({ list: [{}] });
    await expect(call('memory_append', { key: KEY, path: 'list', item: {}, match_key: 'id' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(call('memory_append', { key: KEY, path: 'list', item: {}, match_key: 'toString' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  test('what does not fit the schema is refused', async () => {
    const { call } = await openMemoryFolder();
    await expect(
      call('memory_append', { key: 'state/current_work', path: 'active_issues', item: { key: 'X' }, match_key: 'key' }),
    ).rejects.toThrow('active_issues.0.key');
  });
});

describe('remove', () => {
  test.each([
    [{ path: 'a.b' }, { a: {}, list: [{ id: 1 }, { id: 2 }, { id: 1 }] }, 1],
    [{ path: 'list.0' }, { a: { b: 1 }, list: [{ id: 2 }, { id: 1 }] }, 1],
    [{ path: 'list', match: { id: '1' } }, { a: { b: 1 }, list: [{ id: 2 }] }, 2],
  ])('takes away %j', async (input, expected, removed) => {
    const { call, content } = await withContent({ a: { b: 1 }, list: [{ id: 1 }, { id: 2 }, { id: 1 }] });
    await expect(call('memory_remove', { key: KEY, ...input })).resolves.toMatchObject({ removed });
    await expect(content(KEY)).resolves.toEqual(expected);
  });

  test('what is not there cannot be removed', async () => {
    const { call } = await withContent({ list: [] });
    await expect(call('memory_remove', { key: KEY, path: 'nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(call('memory_remove', { key: KEY, path: 'list', match: { id: '1' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('query', () => {
  test('gives values with their places', async () => {
    const { call } = await withContent({
      issues: [
        { key: 'A-1', status: 'open' },
        { key: 'A-2', status: 'done' },
      ],
      "it's": 1,
    });
    await expect(call('memory_query', { key: KEY, query: '$.issues[?@.status == "open"].key' })).resolves.toEqual({
      matches: [{ path: "$['issues'][0]['key']", value: 'A-1' }],
      truncated: false,
    });
    await expect(call('memory_query', { key: KEY, query: '$["it\'s"]' })).resolves.toMatchObject({
      matches: [{ path: String.raw`$['it\'s']` }],
    });
  });

  test.each(['$.', 'issues', '$[?(@.x', '$'.repeat(2_000)])('%j is refused', async (query) => {
    const { call } = await withContent({});
    await expect(call('memory_query', { key: KEY, query })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test.each(['$.list[?search(@, "(a+)+$")]', '$..*..*..*..*..*..*'])('one that would take for ever is ended: %s', async (query) => {
    const { call } = await withContent({ list: [`${'a'.repeat(40)}!`], small: deepOf(7) });
    const started = performance.now();
    const result = await call('memory_query', { key: KEY, query }).catch((error: unknown) => error);
    expect(result).toSatisfy((found) => found instanceof Error || (found as { truncated: boolean }).truncated);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test('gives at most 500 matches and says that there are more', async () => {
    const { call } = await withContent({ list: Array.from({ length: 501 }, (_, number) => number) });
    await expect(call('memory_query', { key: KEY, query: '$.list[*]' })).resolves.toMatchObject({
      matches: { length: 500 },
      truncated: true,
    });
  });
});

function deepOf(depth: number): unknown {
  return depth === 0 ? 1 : { a: deepOf(depth - 1), b: [deepOf(depth - 1)] };
}
