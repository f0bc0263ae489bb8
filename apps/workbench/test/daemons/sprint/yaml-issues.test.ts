import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { YamlIssues } from '../../../daemons/sprint/yaml-issues.ts';
import { emptyFolder } from '../../support/open-home.ts';

function issuesIn(text: string): YamlIssues {
  const path = join(emptyFolder(), 'sprint.yaml');
  writeFileSync(path, text);
  return new YamlIssues(path);
}

test('issues are read in the order of the file', async () => {
  const source = issuesIn('issues:\n  - { key: AAP-9, summary: First }\n  - key: AAP-1\n    summary: Second # by hand\n    points: 3\n');
  await expect(source.read()).resolves.toEqual([
    { key: 'AAP-9', summary: 'First' },
    { key: 'AAP-1', summary: 'Second' },
  ]);
});

test.each([
  ['issues: [', 'unexpected'],
  ['issues: none', 'unexpected'],
  ['- { key: AAP-1, summary: a list }', 'unexpected'],
  ['issues: [{ key: no-key, summary: x }]', 'unexpected'],
  [`issues:\n${'# more\n'.repeat(150_000)}`, 'unexpected'],
])('what is no list of issues is a fault: %#', async (text, fault) => {
  await expect(issuesIn(text).read()).rejects.toMatchObject({ name: 'ServiceError', fault });
});

test('a file that is not there is a fault', async () => {
  await expect(new YamlIssues(join(emptyFolder(), 'none.yaml')).read()).rejects.toMatchObject({ fault: 'away' });
});
