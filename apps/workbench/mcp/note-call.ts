import { randomUUID } from 'node:crypto';
import type { Workbench } from '../open-workbench.ts';
import { Journal } from '../runs/journal.ts';

const MAX_SUMMARY = 300;

/** Notes a tool call in its session and in the journal of that, which puts a checkpoint now and then. A call whose note fails is no failure. */
export async function noteCall(
  { state, workspaces, log }: Pick<Workbench, 'state' | 'workspaces' | 'log'>,
  sessionId: string | undefined,
  { tool, input = {}, isError }: { readonly tool: string; readonly input?: object | undefined; readonly isError: boolean },
): Promise<void> {
  if (sessionId === undefined || !workspaces.getSession(sessionId)) return;
  try {
    await workspaces.touch(tool, sessionId);
    const journal = await Journal.open(state, 'conversation', sessionId);
    await journal.called(randomUUID(), { tool, status: isError ? 'error' : 'ok', summary: JSON.stringify(input).slice(0, MAX_SUMMARY) });
  } catch (error) {
    log.warn({ err: error, tool, sessionId }, 'a tool call could not be noted');
  }
}
