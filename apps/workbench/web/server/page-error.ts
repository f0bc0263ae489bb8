import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { WorkbenchError, type WorkbenchErrorCode } from '../../workbench-error.ts';

/** What the page is told when something was not done. */
export interface ErrorAnswer {
  readonly error: WorkbenchErrorCode | 'NO_ACCESS' | 'INTERNAL';
  readonly message: string;
}

/** A request that is refused before anything was done. */
export class RequestRefusal extends Error {
  override readonly name = 'RequestRefusal';
  readonly status: ContentfulStatusCode;
  readonly answer: ErrorAnswer;

  constructor(status: ContentfulStatusCode, error: ErrorAnswer['error'], message: string) {
    super(message);
    this.status = status;
    this.answer = { error, message };
  }
}

const STATUS: Readonly<Record<WorkbenchErrorCode, ContentfulStatusCode>> = {
  INVALID_INPUT: 400,
  NOT_FOUND: 404,
  REFUSED: 409,
  UNAVAILABLE: 503,
};

/** Answers what a route threw: refusals in their own words, anything else with an id that the log has too. */
export function answerError(log: Logger): (error: unknown, c: Context) => Response {
  return (error, c) => {
    if (error instanceof RequestRefusal) return c.json(error.answer, error.status);
    if (error instanceof WorkbenchError) return c.json<ErrorAnswer>({ error: error.code, message: error.message }, STATUS[error.code]);
    const errorId = randomUUID();
    log.error({ err: error, errorId, method: c.req.method, path: c.req.path }, 'a request of the page failed');
    return c.json<ErrorAnswer>({ error: 'INTERNAL', message: `That did not work; the log says why under ${errorId}.` }, 500);
  };
}
