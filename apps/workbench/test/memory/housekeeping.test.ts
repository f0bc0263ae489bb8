import { describe, expect, test } from 'vitest';
import { ManualClock } from '../support/manual-clock.ts';
import { openMemoryFolder } from '../support/memory-folder.ts';

describe('the session log', () => {
  test('of each day is a file of its own', async () => {
    const clock = new ManualClock('2026-03-02T12:00:00Z');
    const { call, content } = await openMemoryFolder({}, { clock });
    await expect(call('memory_session_log', { action: 'Started AAP-1', session_id: 's1' })).resolves.toEqual({
      key: 'sessions/2026-03-02',
    });
    await call('memory_session_log', { action: 'Opened a request', details: '!12' });
    clock.sleep(86_400_000);
    await call('memory_session_log', { action: 'Merged' });
    await expect(content('sessions/2026-03-02')).resolves.toEqual({
      date: '2026-03-02',
      entries: [
        { time: '2026-03-02T12:00:00.000Z', action: 'Started AAP-1', session_id: 's1' },
        { time: '2026-03-02T12:00:00.000Z', action: 'Opened a request', details: '!12' },
      ],
    });
    await expect(content('sessions/2026-03-03')).resolves.toMatchObject({ entries: [{ action: 'Merged' }] });
  });
});

describe('an investigation', () => {
  test('is shared for an hour after it was last changed', async () => {
    const clock = new ManualClock('2026-03-02T12:00:00Z');
    const { call, content } = await openMemoryFolder({}, { clock });
    await call('memory_update', { key: 'state/shared_context', path: 'investigation', value: { topic: 'slow queries' } });
    clock.sleep(3_500_000);
    await call('memory_update', { key: 'state/shared_context', path: 'investigation.found', value: 'an index is missing' });
    clock.sleep(3_599_999);
    await expect(content('state/shared_context')).resolves.toMatchObject({
      investigation: { topic: 'slow queries', started_at: '2026-03-02T12:00:00.000Z', expires_at: '2026-03-02T13:58:20.000Z' },
    });
    clock.sleep(1);
    await expect(content('state/shared_context')).resolves.toEqual({ investigation: null });
  });

  test('that a person wrote begins when they said', async () => {
    const clock = new ManualClock('2026-03-02T12:59:59Z');
    const { content } = await openMemoryFolder(
      { 'state/shared_context.yaml': "investigation: {topic: x, started_at: '2026-03-02T12:00:00Z'}\n" },
      { clock },
    );
    await expect(content('state/shared_context')).resolves.toMatchObject({ investigation: { topic: 'x' } });
    clock.sleep(1_000);
    await expect(content('state/shared_context')).resolves.toEqual({ investigation: null });
  });
});

describe('statistics', () => {
  test('give sizes by folder and the largest', async () => {
    const { call } = await openMemoryFolder({
      'knowledge/a.yaml': 'x: 1\n',
      'knowledge/devops/b.yaml': 'y: 22\n',
      'learned/c.yaml': '[]\n',
    });
    await expect(call('memory_stats')).resolves.toEqual({
      documents: 3,
      bytes: 14,
      folders: { knowledge: { documents: 2, bytes: 11 }, learned: { documents: 1, bytes: 3 } },
      largest: [
        { key: 'knowledge/devops/b', bytes: 6 },
        { key: 'knowledge/a', bytes: 5 },
        { key: 'learned/c', bytes: 3 },
      ],
      unreadable: [],
      warnings: [],
    });
  });

  test.each([
    [51_190, 1, []],
    [51_200, 1, [expect.stringContaining('knowledge/0')]],
    [50_000, 21, [expect.stringContaining('memory_cleanup')]],
  ])('warn over 50 KB a file and 1 MB in all: %i bytes, %i times', async (length, files, warnings) => {
    const { call } = await openMemoryFolder(
      Object.fromEntries(Array.from({ length: files }, (_, number) => [`knowledge/${number}.yaml`, `x: ${'y'.repeat(length)}\n`])),
    );
    await expect(call('memory_stats')).resolves.toMatchObject({ warnings });
  });
});

describe('clean-up', () => {
  const FILES = {
    'state/current_work.yaml':
      'active_issues:\n  - {key: A-1, summary: a, status: Done} # over\n  - {key: A-2, summary: b, status: In Progress} # going on\nactive_mrs:\n  - {id: 1, title: a, status: merged}\n  - {id: 2, title: b, status: open}\n',
    'state/projects/bar/current_work.yaml': 'active_issues: [{key: B-1, summary: a, status: Closed}]\n',
    'state/shared_context.yaml': "investigation: {started_at: '2026-03-02T09:00:00Z'}\n",
    'sessions/2026-02-22.yaml': 'entries: []\n',
    'sessions/2026-02-24.yaml': 'entries: []\n',
  };
  const REMOVED = [
    'sessions/2026-02-22: the log is older than 7 days',
    'state/current_work: issue A-1 is Done',
    'state/current_work: merge request 1 (a) is merged',
    'state/projects/bar/current_work: issue B-1 is Closed',
    'state/shared_context: the investigation is over',
  ];

  test('only says what it would remove, unless it is told to', async () => {
    const { call, content, hasFile, workbench, file } = await openMemoryFolder(FILES, { clock: new ManualClock('2026-03-02T12:00:00Z') });
    await expect(call('memory_cleanup')).resolves.toEqual({ dryRun: true, removed: REMOVED, skipped: [] });
    await expect(content('state/current_work')).resolves.toMatchObject({ active_issues: { length: 2 } });
    await expect(call('memory_cleanup', { dry_run: false })).resolves.toEqual({ dryRun: false, removed: REMOVED, skipped: [] });
    await workbench.state.flush();
    await expect(content('state/current_work')).resolves.toMatchObject({ active_issues: [{ key: 'A-2' }], active_mrs: [{ id: 2 }] });
    expect(hasFile('sessions/2026-02-22.yaml')).toBe(false);
    expect(hasFile('sessions/2026-02-24.yaml')).toBe(true);
    expect(file('state/current_work.yaml')).toContain('# going on');
    await expect(call('memory_cleanup', { dry_run: false })).resolves.toMatchObject({ removed: [] });
  });

  test('leaves what cannot be read, says so, and goes on', async () => {
    const { call } = await openMemoryFolder(
      { ...FILES, 'state/current_work.yaml': '[' },
      { clock: new ManualClock('2026-03-02T12:00:00Z') },
    );
    await expect(call('memory_cleanup', { dry_run: false })).resolves.toMatchObject({
      removed: { length: 3 },
      skipped: [expect.stringContaining('state/current_work')],
    });
  });
});
