import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openMemoryFolder, type MemoryFolder } from '../support/memory-folder.ts';

const FILES = {
  'knowledge/devops/clusters.yaml': 'notes:\n  - The staging cluster is rebooted on Mondays\n',
  'knowledge/incident/db.yaml': 'what: Die Störung der Datenbank on Monday\n',
  'learned/other.yaml': 'x: nothing of the kind\n',
};

async function found({ call }: MemoryFolder, query: string): Promise<readonly string[]> {
  const { hits } = (await call('memory_search', { query })) as { hits: readonly { key: string }[] };
  return hits.map(({ key }) => key);
}

describe('a search', () => {
  test('gives the file and what stands around the words', async () => {
    const { call } = await openMemoryFolder(FILES);
    await expect(call('memory_search', { query: 'REBOOTED staging' })).resolves.toEqual({
      hits: [
        {
          key: 'knowledge/devops/clusters',
          file: 'memory/knowledge/devops/clusters.yaml',
          excerpt: expect.stringContaining('«staging» cluster is «rebooted» on') as string,
        },
      ],
    });
  });

  test.each([
    ['monday', ['knowledge/devops/clusters', 'knowledge/incident/db']],
    ['"on monday"', ['knowledge/incident/db']],
    ['storung', ['knowledge/incident/db']],
    ['cluster monday', ['knowledge/devops/clusters']],
    ['clusters', ['knowledge/devops/clusters']],
    ['absent', []],
    ['monday OR zebra', []],
    ['notes: OR "x', []],
    ['body:* ) (', []],
  ])('for %s', async (query, keys) => {
    const folder = await openMemoryFolder(FILES);
    expect((await found(folder, query)).toSorted()).toEqual(keys);
  });

  test.each(['', '  ', '"', '***', '-- ;'])('without a word is refused: %j', async (query) => {
    const { call } = await openMemoryFolder(FILES);
    await expect(call('memory_search', { query })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('the index', () => {
  test('keeps up with what programs and people change, and with what is deleted', async () => {
    const folder = await openMemoryFolder(FILES);
    await expect(found(folder, 'zebra')).resolves.toEqual([]);
    await folder.call('memory_update', { key: 'learned/other', path: 'x', value: 'a zebra' });
    folder.writeFile('knowledge/new.yaml', 'animal: zebra\n');
    await expect(found(folder, 'zebra')).resolves.toEqual(expect.arrayContaining(['learned/other', 'knowledge/new']));
    folder.writeFile('knowledge/new.yaml', 'animal: horse\n');
    await folder.workbench.memory.documents.delete('learned/other');
    await expect(found(folder, 'zebra')).resolves.toEqual([]);
    await expect(found(folder, 'horse')).resolves.toEqual(['knowledge/new']);
  });

  test.each([
    ['absent', (path: string) => rmSync(path)],
    ['no database', (path: string) => writeFileSync(path, 'x'.repeat(10_000))],
    ['cut off', (path: string) => truncateSync(path, 5_000)],
    ['empty', (path: string) => truncateSync(path, 0)],
  ])('is made anew when it is %s', async (_what, damage) => {
    const first = await openMemoryFolder(FILES);
    await found(first, 'monday');
    await first.workbench.close();
    damage(join(first.home, 'memory/.index.db'));
    const second = await openMemoryFolder({}, { home: first.home });
    await expect(found(second, 'storung')).resolves.toEqual(['knowledge/incident/db']);
  });

  test('that is damaged while it is open is made anew', async () => {
    const folder = await openMemoryFolder(FILES);
    await found(folder, 'monday');
    folder.workbench.memory.search.close();
    writeFileSync(join(folder.home, 'memory/.index.db'), 'damaged');
    await expect(found(folder, 'storung')).resolves.toEqual(['knowledge/incident/db']);
  });

  test('is shared by processes', async () => {
    const first = await openMemoryFolder(FILES);
    const second = await openMemoryFolder({}, { home: first.home });
    await second.call('memory_update', { key: 'learned/other', path: 'x', value: 'a zebra' });
    await expect(Promise.all([found(first, 'zebra'), found(second, 'zebra')])).resolves.toEqual([['learned/other'], ['learned/other']]);
  });
});
