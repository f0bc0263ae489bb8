import type { StateManager } from 'holdfast';
import type { WorkspaceRegistry } from '../workspaces/workspace-registry.ts';
import { Journal } from './journal.ts';

export interface CalledTool {
  readonly sessionId: string;
  /** The id of the call, by which it counts once. */
  readonly toolCall: string;
  readonly tool: string;
  readonly status?: 'ok' | 'error';
  readonly summary?: string;
}

/**
 * A session called a tool: it was used, and the journal of its conversation has the call, with a checkpoint after every fifth.
 * @throws {WorkbenchError} NOT_FOUND when there is no such session; nothing is noted then.
 */
export async function recordToolCall(
  { state, workspaces }: { readonly state: StateManager; readonly workspaces: WorkspaceRegistry },
  { sessionId, toolCall, tool, status = 'ok', summary = '' }: CalledTool,
): Promise<void> {
  await workspaces.touch(tool, sessionId);
  const journal = await Journal.open(state, 'conversation', sessionId);
  await journal.called(toolCall, { tool, status, summary });
}
