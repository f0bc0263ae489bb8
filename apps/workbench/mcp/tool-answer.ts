import { randomUUID } from 'node:crypto';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { isHoldfastError, type ErrorCode } from 'holdfast';
import type { Logger } from 'pino';
import { WorkbenchError } from '../workbench-error.ts';

/** More than a model can read. */
const MAX_ANSWER = 1_000_000;

const HINTS: Partial<Record<ErrorCode, string>> = {
  CONCURRENT_MODIFICATION: 'Somebody else changed it meanwhile. Read it again, then repeat the call.',
  VALIDATION_FAILED: 'Nothing was written. Correct what does not fit, then repeat the call.',
  INVARIANT_VIOLATED: 'Nothing was written. Correct what does not fit, then repeat the call.',
  CORRUPT_STATE: 'What is stored is damaged; a person has to look at it.',
  NEWER_VERSION: 'A newer version of the Workbench has written it. Update this one.',
  STORE_UNAVAILABLE: 'Repeat the call in a moment; read first whether it was done.',
  STORE_FULL: 'The disk is full. A person has to make room.',
  NOT_FOUND: 'It was deleted meanwhile. List what is there.',
  CLOSED: 'The server is ending. Connect again.',
};

/** What a call gave, as structured content and as text. @throws {WorkbenchError} REFUSED when it is too much. */
export function answer(content: Record<string, unknown>): CallToolResult {
  const text = JSON.stringify(content);
  if (text.length > MAX_ANSWER)
    throw new WorkbenchError(
      'REFUSED',
      `The answer has ${text.length} characters, more than ${MAX_ANSWER}. Ask for less: memory_query gives parts of a document.`,
    );
  return { content: [{ type: 'text', text }], structuredContent: JSON.parse(text) as Record<string, unknown> };
}

/** What went wrong with a call, and what to do. A fault of the Workbench is logged, and named by an id. */
export function failure(error: unknown, tool: string, log: Logger): CallToolResult {
  const { code, message } = shown(error, tool, log);
  return { isError: true, content: [{ type: 'text', text: `${code}: ${message}` }] };
}

function shown(error: unknown, tool: string, log: Logger): { readonly code: string; readonly message: string } {
  if (error instanceof WorkbenchError) return error;
  if (isHoldfastError(error) && HINTS[error.code] !== undefined)
    return { code: error.code, message: `${error.message} ${HINTS[error.code]}` };
  const errorId = randomUUID();
  log.error({ err: error, errorId, tool }, 'a tool failed');
  return {
    code: 'INTERNAL',
    message: `${tool} failed by a fault of the Workbench. Read what was done before you repeat it; the log has the id ${errorId}.`,
  };
}
