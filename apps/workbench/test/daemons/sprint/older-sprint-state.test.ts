import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileReport } from 'holdfast/files';
import { expect, test } from 'vitest';
import { sprintState } from '../../../daemons/sprint/sprint-state.ts';
import type { Workbench } from '../../../open-workbench.ts';
import { emptyFolder, openHome } from '../../support/open-home.ts';
import { placeFile } from '../../support/place-file.ts';

const FILE = 'sprint_state_v2.json';

test('issues as a record by key are read, processing is in_progress, and times get a zone', async () => {
  const home = emptyFolder();
  placeFile('sprint/record.json', home, FILE);
  const { state } = await openHome({ home });
  const { current } = await state.global().get(sprintState);
  expect(current).toMatchObject({
    enabled: true,
    current_issue: 'AAP-61214',
    stats: { total_processed: 4, successful: 3, failed: 1 },
    updated_at: new Date('2026-02-27T10:12:45').toISOString(),
  });
  expect(current.issues['AAP-61214']).toMatchObject({
    status: 'in_progress',
    approved: true,
    execution_trace: [{ data: { branch: 'aap-61214' } }],
  });
  expect(current.issues['AAP-60420']?.started_at).toBe('2026-02-26T14:00:00.000Z');
});

test('issues as a list are read, and the fields that we do not have stay', async () => {
  const home = emptyFolder();
  placeFile('sprint/list.json', home, FILE);
  const { state, store } = await openHome({ home });
  const sprint = await state.global().get(sprintState);
  await sprint.update((draft) => void (draft.enabled = false));
  await store.flush?.();
  const written = JSON.parse(readFileSync(join(home, FILE), 'utf8')) as object;
  expect(written).toMatchObject({
    currentSprint: { name: 'AAP Analytics Sprint 12' },
    nextSprint: null,
    manuallyStarted: false,
    backgroundTasks: [{ pid: 4711 }],
    current_issue: 'AAP-61661',
    enabled: false,
    issues: {
      'AAP-61661': { status: 'in_progress', storyPoints: 3, jiraStatus: 'In Progress', execution_trace: [{ chatLink: 'cursor://chat' }] },
      'AAP-61214': { status: 'blocked', reason: 'Needs the new API', approved: false },
      'AAP-60036': { status: 'approved', approved: true, rank: 3 },
    },
    stats: { total_processed: 1, successful: 1, failed: 0 },
  });
  expect(written).not.toHaveProperty('processingIssue');
});

test('an older trace keeps its newest 50 entries', async () => {
  const timeline = Array.from({ length: 60 }, (_, at) => ({ timestamp: '2026-01-01T00:00:00Z', action: 'note', description: `${at}` }));
  const { state } = await withFile({ issues: [{ key: 'AAP-1', summary: '', approvalStatus: 'pending', timeline }] });
  const { issues } = (await state.global().get(sprintState)).current;
  expect(issues['AAP-1']?.execution_trace).toHaveLength(50);
  expect(issues['AAP-1']?.execution_trace.at(-1)?.description).toBe('59');
});

test('of several issues in progress all but the current one are blocked', async () => {
  const { state } = await withFile({
    issues: { 'A-1': { status: 'processing', approved: true }, 'A-2': { status: 'processing', approved: true } },
    current_issue: 'A-2',
  });
  const { current_issue, issues } = (await state.global().get(sprintState)).current;
  expect([current_issue, issues['A-1']?.status, issues['A-2']?.status]).toEqual(['A-2', 'blocked', 'in_progress']);
});

test.each([
  {},
  { something: 'else' },
  { issues: 'none' },
  { issues: [{ summary: 'without a key', approvalStatus: 'pending' }] },
  { issues: [17] },
  { issues: [{ key: '../../etc', approvalStatus: 'pending' }] },
  {
    issues: [
      { key: 'A-1', approvalStatus: 'pending' },
      { key: 'A-1', approvalStatus: 'approved' },
    ],
  },
  { issues: { 'A-1': { status: 'no such status', approved: false } } },
])('what cannot be understood is refused and reported, and the file stays as it is: %j', async (file) => {
  const reports: FileReport[] = [];
  const { state, store, home } = await withFile(file, (report) => reports.push(report));
  await state.global().get(sprintState);
  await store.flush?.();
  expect(reports).toMatchObject([{ kind: 'invalid', path: FILE }]);
  expect(JSON.parse(readFileSync(join(home, FILE), 'utf8'))).toEqual(file);
});

async function withFile(file: object, onReport: (report: FileReport) => void = () => undefined): Promise<Workbench> {
  const home = emptyFolder();
  writeFileSync(join(home, FILE), JSON.stringify(file));
  return await openHome({ home, onReport });
}
