// Configuration as a YAML file that people edit while the program runs: comments stay, mistakes are reported with their place, nothing is overwritten.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineState, StateManager } from 'holdfast';
import { files, type FileReport } from 'holdfast/files';
import { z } from 'zod';

const Bar = defineState({
  name: 'bar',
  scope: 'global',
  schema: z.strictObject({ name: z.string(), closesAt: z.int().min(0).max(24), prices: z.record(z.string(), z.int()) }),
  initial: { name: 'The Anchor', closesAt: 23, prices: { beer: 5 } },
});

await using directory = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
const path = join(directory.path, 'bar.yaml');

// The file is there before the program is, as somebody wrote it.
await writeFile(path, `# Opened 1987.\nname: The Anchor\nclosesAt: 23 # last orders half an hour before\nprices:\n  beer: 5\n`);

const reports = new EventEmitter<Record<FileReport['kind'], [FileReport]>>();
const store = files(directory.path, { place: () => 'bar.yaml', onReport: (report) => reports.emit(report.kind, report) });
await using state = await StateManager.open({ store });
const bar = await state.global().get(Bar);
assert.equal(bar.version, 1);

// The program changes something: the comments stay.
await bar.update((draft) => void (draft.prices['gin'] = 9), { actor: 'maya' });
await state.flush();
const rendered = await readFile(path, 'utf8');
assert.match(rendered, /^# Opened 1987\.[^]*closesAt: 23 # last orders[^]*gin: 9\n$/);
console.log(rendered);

// A person changes something else at the same time as the program: both are kept.
const closing = Promise.withResolvers<void>();
bar.subscribe(
  ({ closesAt }) => closesAt,
  () => closing.resolve(),
);
await bar.update((draft) => void (draft.prices['beer'] = 6));
await writeFile(path, rendered.replace('closesAt: 23', 'closesAt: 22'));
await closing.promise;
assert.deepEqual(bar.current, { name: 'The Anchor', closesAt: 22, prices: { beer: 6, gin: 9 } });
const newest = (await Array.fromAsync(bar.history())).at(-1);
assert.equal(newest?.actor, 'file');
console.log(`version ${bar.version} by ${newest.actor}: closes at ${bar.current.closesAt}`);

// A mistake is reported with its place; the file stays as the person wrote it.
await state.flush();
const damaged = once(reports, 'damaged') as Promise<[FileReport]>;
const [before, mistake] = [await readFile(path, 'utf8'), 'prices: [\n'];
await writeFile(path, before + mistake);
const [report] = await damaged;
console.log(report.message);
assert.equal(report.line, before.split('\n').length);

// Repaired, it is taken.
const invalid = once(reports, 'invalid') as Promise<[FileReport]>;
await writeFile(path, before.replace('closesAt: 22', 'closesAt: 25'));
assert.deepEqual((await invalid)[0].places, [['closesAt']]);
const reopened = Promise.withResolvers<void>();
bar.subscribe(
  ({ closesAt }) => closesAt,
  () => reopened.resolve(),
);
await writeFile(path, before.replace('closesAt: 22', 'closesAt: 24'));
await reopened.promise;
assert.equal(bar.current.closesAt, 24);
console.log(`repaired: closes at ${bar.current.closesAt}`);
