import { createContext, Script } from 'node:vm';
import { exec, type JsonValue } from 'jsonpath-rfc9535';
import { WorkbenchError } from '../workbench-error.ts';

export interface QueryResult {
  readonly matches: readonly { readonly path: string; readonly value: unknown }[];
  /** There are more, or they are larger, than is given at once. */
  readonly truncated: boolean;
}

const MAX_EXPRESSION = 1_000;
const MAX_MATCHES = 500;
const MAX_BYTES = 200_000;
/** Filters with regular expressions, and descents below descents, may take for ever; nobody else gets a turn meanwhile. */
const TIME_MS = 250;

const RUN = new Script('run()');

/** What of a document a JSONPath expression (RFC 9535) selects. @throws {WorkbenchError} INVALID_INPUT for what is no JSONPath, or takes too long. */
export function queryDocument(content: unknown, expression: string): QueryResult {
  if (expression.length > MAX_EXPRESSION) throw new WorkbenchError('INVALID_INPUT', `A query has at most ${MAX_EXPRESSION} characters.`);
  const matches: { path: string; value: unknown }[] = [];
  let bytes = 0;
  const select = (): void =>
    exec(content as JsonValue, expression, (value, path) => {
      bytes += JSON.stringify(value).length;
      if (matches.length >= MAX_MATCHES || bytes > MAX_BYTES) throw new Enough();
      matches.push({ path: normalized(path), value });
    });
  try {
    // The time limit of a script holds for what it calls.
    RUN.runInContext(createContext({ run: select }), { timeout: TIME_MS });
  } catch (error) {
    if (error instanceof Enough) return { matches, truncated: true };
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new WorkbenchError(
        'INVALID_INPUT',
        `The query took longer than ${TIME_MS} ms. Ask for less: name the keys on the way instead of "..", and no nested repetition in search() or match().`,
        { cause: error },
      );
    const message = error instanceof Error ? error.message.slice(0, 300) : String(error);
    throw new WorkbenchError(
      'INVALID_INPUT',
      `That is no JSONPath: ${message} Write as in $.active_issues[?@.status == "In Progress"].key`,
      { cause: error },
    );
  }
  return { matches, truncated: false };
}

/** As RFC 9535 writes a place, `$['active_issues'][0]`. Keys come with their quotes and backslashes escaped. */
function normalized(path: readonly (string | number)[]): string {
  return `$${path.map((step) => (typeof step === 'number' ? `[${step}]` : `['${step}']`)).join('')}`;
}

/** Ends the search. */
class Enough extends Error {}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
