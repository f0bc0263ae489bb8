import { expect, test } from 'vitest';
import { openMemoryFolder } from '../support/memory-folder.ts';

const OLDER = `# what I work on
active_issues:
  - key: AAP-12
    summary: Renew the certificates
    status: In Progress
    branch: aap-12-certificates
    started: "2026-01-05T10:11:12.000123"
    estimate: 3 # ours
open_mrs:
  - id: 1459
    title: Certificates
    url: https://gitlab.example/bar/-/merge_requests/1459
    status: open
    pipeline_status: failed
    needs_review: true
follow_ups:
  - tell Anna
  - task: close the ticket
    priority: high
    created: 2026-01-06
notes: kept
`;

const READ = {
  active_issues: [
    {
      key: 'AAP-12',
      summary: 'Renew the certificates',
      status: 'In Progress',
      branch: 'aap-12-certificates',
      started_at: '2026-01-05T10:11:12.000123',
      estimate: 3,
    },
  ],
  active_mrs: [
    {
      id: 1459,
      title: 'Certificates',
      url: 'https://gitlab.example/bar/-/merge_requests/1459',
      status: 'open',
      pipeline: 'failed',
      needs_review: true,
    },
  ],
  follow_ups: ['tell Anna', { task: 'close the ticket', priority: 'high', created: '2026-01-06' }],
  notes: 'kept',
};

test.each(['state/current_work', 'state/projects/bar/current_work'])('%s is read in the shape of the older system', async (key) => {
  const { content, workbench, call, file } = await openMemoryFolder({ [`${key}.yaml`]: OLDER });
  await expect(content(key)).resolves.toEqual(READ);
  await call('memory_update', { key, path: 'active_issues.0.status', value: 'Review' });
  await workbench.state.flush();
  expect(file(`${key}.yaml`)).toContain('# what I work on');
  expect(file(`${key}.yaml`)).toContain('estimate: 3 # ours');
  expect(file(`${key}.yaml`)).not.toContain('open_mrs');
});

test('requests in both shapes of one file are all kept', async () => {
  const text = 'active_mrs: [{id: 1, title: a, status: open}]\nopen_mrs: [{id: 2, title: b, status: open}]\n';
  const { content } = await openMemoryFolder({ 'state/current_work.yaml': text });
  await expect(content('state/current_work')).resolves.toMatchObject({ active_mrs: [{ id: 1 }, { id: 2 }] });
});

test.each(['open_mrs: {a: 1}\n', 'active_mrs: []\nopen_mrs: none\n', 'active_issues: 3\nopen_mrs: []\n'])(
  'what cannot be understood is refused and kept: %j',
  async (text) => {
    const { call, file } = await openMemoryFolder({ 'state/current_work.yaml': text });
    await expect(call('memory_read', { key: 'state/current_work' })).rejects.toMatchObject({ code: 'REFUSED' });
    expect(file('state/current_work.yaml')).toBe(text);
  },
);

test('lists that are written as nothing are empty', async () => {
  const { call, content } = await openMemoryFolder({ 'state/current_work.yaml': 'active_issues:\nopen_mrs:\nfollow_ups:\n' });
  await call('memory_append', { key: 'state/current_work', path: 'follow_ups', item: 'x' });
  await expect(content('state/current_work')).resolves.toMatchObject({ follow_ups: ['x'] });
});
