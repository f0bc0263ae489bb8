import type { Workbench } from '../../open-workbench.ts';
import { Journal } from '../../runs/journal.ts';

export interface ToolCall {
  readonly input: Readonly<Record<string, unknown>>;
  /** Its answer begins so when it needs what is not there. */
  readonly refused?: string;
}

/** What tools are called with where `prepareToolCalls` was; the others with nothing. SESSION stands for a session. */
const CALLS: Readonly<Record<string, ToolCall>> = {
  check_known_issues: { input: { error_text: 'timeout' } },
  checkpoint_compare: { input: { id: 'SESSION', from: 'first' } },
  checkpoint_create: { input: { id: 'SESSION', name: 'second', tags: ['by hand'] } },
  checkpoint_fork: { input: { id: 'SESSION', fork_id: 'branch' } },
  checkpoint_list: { input: { id: 'SESSION' } },
  checkpoint_merge: { input: { id: 'SESSION', fork_id: 'fork' } },
  checkpoint_restore: { input: { id: 'SESSION', name: 'first' } },
  checkpoint_timeline: { input: { id: 'SESSION' } },
  checkpoint_tree: { input: { id: 'SESSION' } },
  config_get: { input: { section: 'user' } },
  daemon_call: { input: { daemon: 'cron', method: 'list', arguments: {} }, refused: 'UNAVAILABLE: The cron daemon does not run' },
  daemon_status: { input: { daemon: 'sprint' }, refused: 'UNAVAILABLE: The sprint daemon does not run' },
  files_accept: { input: { path: 'state.json' }, refused: 'NOT_FOUND: There is no damaged file' },
  learn_tool_fix: { input: { tool_name: 'git', error_pattern: 'timeout', root_cause: 'VPN', fix_description: 'connect' } },
  memory_accept: { input: { key: 'knowledge/x' } },
  memory_append: { input: { key: 'knowledge/x', path: 'list', item: { id: 2 }, match_key: 'id' } },
  memory_list: { input: { folder: 'knowledge' } },
  memory_query: { input: { key: 'knowledge/x', query: '$.list[*].id' } },
  memory_read: { input: { key: 'knowledge/nothing' }, refused: 'NOT_FOUND: There is no memory/knowledge/nothing.yaml' },
  memory_record_failure: { input: { tool: 'git', error: 'timeout', healed: true, fix_type: 'vpn' } },
  memory_remove: { input: { key: 'knowledge/x', path: 'list', match: { id: '1' } } },
  memory_search: { input: { query: 'alpha' } },
  memory_session_log: { input: { action: 'Tried everything', session_id: 'SESSION' } },
  memory_update: { input: { key: 'knowledge/x', path: 'deep.value', value: null } },
  memory_write: { input: { key: 'knowledge/y', content: [1, 'two'] } },
  performance_add: { input: { text: 'Tried everything' } },
  performance_set_goal: { input: { id: 'try', title: 'Try everything' } },
  persona_load: { input: { persona: 'nobody' }, refused: 'NOT_FOUND: There is no persona' },
  session_export_context: { input: { session_id: 'SESSION', format: 'json' } },
  session_info: { input: { session_id: 'SESSION' } },
  session_rename: { input: { session_id: 'SESSION', name: 'two' } },
  session_set_issue: { input: { session_id: 'SESSION', issue_keys: ['AAP-1'], branch: 'aap-1' } },
  session_set_project: { input: { session_id: 'SESSION', project: 'bar' } },
  session_start: { input: { session_id: 'SESSION' } },
  session_switch: { input: { session_id: 'SESSION' } },
  toggles_set_job: { input: { name: 'standup', enabled: false } },
  toggles_set_meeting: { input: { id: 'm1', status: 'skip' } },
  toggles_set_service: { input: { name: 'scheduler', enabled: true } },
};

/** Names of tools that have an entry. */
export const CALLED_TOOLS: readonly string[] = Object.keys(CALLS);

/** Puts into a home what the calls need; gives what a tool is called with there. */
export async function prepareToolCalls({ memory, workspaces, state }: Workbench): Promise<(tool: string) => ToolCall['input']> {
  await memory.documents.write('knowledge/x', 'test', { list: [{ id: 1 }], text: 'alpha' });
  const { sessionId } = await workspaces.createSession({ name: 'one' });
  const { entity } = await startJournal(state, sessionId);
  await entity.checkpoint('first');
  await entity.fork({ id: 'fork' });
  return (tool) => JSON.parse(JSON.stringify(CALLS[tool]?.input ?? {}).replaceAll('SESSION', sessionId)) as ToolCall['input'];
}

/** What was wrong with how a tool answered, undefined for nothing; `refusal` is what it said when it answered with an error. */
export function wrongAnswer(tool: string, refusal: string | undefined): string | undefined {
  const { refused } = CALLS[tool] ?? { refused: refusal?.includes('INVALID_INPUT') ? refusal : undefined };
  if (refused === undefined ? refusal === undefined : refusal?.includes(refused)) return undefined;
  return `${tool} answered ${refusal ?? 'well'} in place of ${refused ?? 'well'}`;
}

async function startJournal(state: Workbench['state'], id: string): Promise<Journal> {
  const journal = await Journal.open(state, 'conversation', id);
  await journal.setStage('begun');
  return journal;
}
