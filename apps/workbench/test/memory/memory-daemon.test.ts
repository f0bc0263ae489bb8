import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunningDaemon } from '../../daemons/run-daemon.ts';
import { memoryDaemon } from '../../daemons/memory/memory-daemon.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';
import { startDaemons } from '../support/start-daemons.ts';

interface Served {
  readonly home: string;
  readonly daemon: RunningDaemon;
  readonly read: (key: string) => Promise<unknown>;
  /** Keys of which the daemon told that they changed. */
  readonly told: string[];
  readonly write: (file: string, text: string) => void;
}

async function serve(): Promise<Served> {
  const home = join(emptyFolder(), 'home');
  const { daemons } = await startDaemons({ home, modules: [memoryDaemon], renderAfterMs: 1 });
  const [daemon] = daemons as [RunningDaemon];
  const told: string[] = [];
  daemon.listen((signal, [type, data = '{}']) => {
    if (signal === 'Event' && type === 'memory_changed') told.push((JSON.parse(data) as { key: string }).key);
  });
  const write = (file: string, text: string): void => {
    mkdirSync(join(home, 'memory', file, '..'), { recursive: true });
    writeFileSync(join(home, 'memory', file), text);
  };
  return {
    home,
    daemon,
    told,
    write,
    read: async (key) => ((await daemon.methods.call('memory_read', { key })) as { content: unknown }).content,
  };
}

test('a document that was read before is served without its file, until that changes', async () => {
  const { read, write, told, daemon } = await serve();
  write('knowledge/devops/x.yaml', 'a: 1\n');
  await expect.poll(() => told, { timeout: 10_000 }).toContain('knowledge/devops/x');
  await expect(read('knowledge/devops/x')).resolves.toEqual({ a: 1 });
  await expect.poll(() => daemon.status().stats['cachedDocuments']).toBe(1);
  write('knowledge/devops/x.yaml', 'a: 2\n');
  await expect.poll(() => read('knowledge/devops/x'), { timeout: 10_000 }).toEqual({ a: 2 });
});

test('it tells of what other processes write and delete', async () => {
  const { home, told, read } = await serve();
  const other = await openHome({ home });
  await other.memory.documents.write('knowledge/y', 'test', { b: 1 });
  await expect.poll(() => told, { timeout: 10_000 }).toContain('knowledge/y');
  await expect(read('knowledge/y')).resolves.toEqual({ b: 1 });
  told.length = 0;
  await other.memory.documents.delete('knowledge/y');
  await expect.poll(() => told, { timeout: 10_000 }).toContain('knowledge/y');
  await expect(read('knowledge/y')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a file that nobody can read makes it degraded, and it says which', async () => {
  const { home, write, daemon } = await serve();
  write('knowledge/bad.yaml', '[');
  await expect.poll(async () => (await daemon.look()).level, { timeout: 15_000 }).toBe('degraded');
  expect(daemon.status().health.message).toContain('knowledge/bad.yaml');
  expect(readFileSync(join(home, 'memory/knowledge/bad.yaml'), 'utf8')).toBe('[');
});
