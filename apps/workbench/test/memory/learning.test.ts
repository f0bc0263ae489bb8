import { describe, expect, test } from 'vitest';
import { ManualClock } from '../support/manual-clock.ts';
import { openMemoryFolder } from '../support/memory-folder.ts';

const FIX = {
  tool_name: 'kubectl_get_pods',
  error_pattern: 'No route to host',
  root_cause: 'VPN is down',
  fix_description: 'vpn_connect()',
};

describe('what was learned', () => {
  test('is found again in an error of other case, that of the tool first', async () => {
    const { call } = await openMemoryFolder({
      'learned/patterns.yaml':
        'network_patterns:\n  - pattern: no route\n    meaning: VPN\n    fix: connect\n    commands: [vpn up]\nnotes: [x]\n',
    });
    await call('learn_tool_fix', FIX);
    await expect(call('check_known_issues', { tool_name: 'KUBECTL_get_pods', error_text: 'dial: NO ROUTE TO HOST (1)' })).resolves.toEqual({
      issues: [
        {
          source: 'learned/tool_fixes',
          tool: 'kubectl_get_pods',
          pattern: 'No route to host',
          meaning: 'VPN is down',
          fix: 'vpn_connect()',
        },
        { source: 'learned/patterns', pattern: 'no route', meaning: 'VPN', fix: 'connect', commands: ['vpn up'] },
      ],
    });
    await expect(call('check_known_issues', { error_text: 'timeout' })).resolves.toEqual({ issues: [] });
    await expect(call('check_known_issues', { tool_name: 'kubectl_get_pods' })).resolves.toMatchObject({ issues: { length: 1 } });
    await expect(call('check_known_issues')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('under the same tool and pattern is replaced, and counts stay', async () => {
    const { call, content } = await openMemoryFolder({
      'learned/tool_fixes.yaml': 'tool_fixes:\n  - {tool_name: Kubectl_get_pods, error_pattern: no route TO host, times_prevented: 4}\n',
    });
    await expect(call('learn_tool_fix', FIX)).resolves.toEqual({ replaced: true });
    await expect(call('learn_tool_fix', { ...FIX, error_pattern: 'x509' })).resolves.toEqual({ replaced: false });
    await expect(content('learned/tool_fixes')).resolves.toMatchObject({
      tool_fixes: [
        { fix_applied: 'vpn_connect()', times_prevented: 4 },
        { error_pattern: 'x509', times_prevented: 0 },
      ],
    });
  });

  test.each(['ẞtraße', 'İstanbul', 'ΣΊΣΥΦΟΣ'])('is found whatever the case of its letters: %s', async (pattern) => {
    const { call } = await openMemoryFolder();
    await call('learn_tool_fix', { ...FIX, error_pattern: pattern });
    await expect(call('check_known_issues', { error_text: `x ${pattern.toLowerCase()} y` })).resolves.toMatchObject({
      issues: { length: 1 },
    });
  });
});

describe('a failure', () => {
  test('is appended and counted in one commit', async () => {
    const { call, content, workbench } = await openMemoryFolder({}, { clock: new ManualClock('2026-03-02T09:00:00Z') });
    const commits = workbench.state.changes({ scope: 'team', since: 0 });
    await call('memory_record_failure', { tool: 'k', error: 'timeout after 31 s', healed: true, fix_type: 'vpn' });
    const first = await commits.next();
    expect(first.value).toMatchObject({ changes: [{ state: 'tool_failures' }, { state: 'usage_patterns' }] });
    await call('memory_record_failure', { tool: 'k', error: 'timeout after 7 s', healed: true, fix_type: 'vpn' });
    await call('memory_record_failure', { tool: 'k', error: '401', healed: true, fix_type: 'auth' });
    await call('memory_record_failure', { tool: 'k', error: 'no idea' });
    await expect(content('learned/tool_failures')).resolves.toMatchObject({
      auto_heal_stats: { total_heals: 3, vpn_heals: 2, auth_heals: 1, last_heal: '2026-03-02T09:00:00.000Z' },
      recent_failures: [
        { tool: 'k', healed: true, fix_type: 'vpn', timestamp: '2026-03-02T09:00:00.000Z' },
        {},
        {},
        { healed: false, fix_type: null },
      ],
    });
    await expect(content('learned/usage_patterns')).resolves.toMatchObject({
      usage_patterns: [{ error: 'timeout after # s', tool: 'k', fix: 'vpn', count: 2 }, { fix: 'auth', count: 1 }, { fix: null }],
    });
  });

  test('makes room: the list is bounded, the counts are not', async () => {
    const { call, content } = await openMemoryFolder();
    for (let number = 0; number < 105; number += 1)
      await call('memory_record_failure', { tool: 'k', error: `e${'x'.repeat(number)}`, healed: true });
    await expect(content('learned/tool_failures')).resolves.toMatchObject({
      auto_heal_stats: { total_heals: 105 },
      recent_failures: { length: 100, 0: { error: 'exxxxx' } },
    });
  });

  test('of a file that cannot be taken is refused, and nothing is counted anywhere', async () => {
    const { call } = await openMemoryFolder({ 'learned/usage_patterns.yaml': 'usage_patterns: 3\n' });
    await expect(call('memory_record_failure', { tool: 'k', error: 'x' })).rejects.toMatchObject({ code: 'REFUSED' });
    await expect(call('memory_read', { key: 'learned/tool_failures' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
