import { WorkbenchError } from '../workbench-error.ts';

/** The port that an option names; 0 is any that is free. @throws {WorkbenchError} INVALID_INPUT. */
export function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new WorkbenchError('INVALID_INPUT', `${JSON.stringify(text)} is no port; give a number from 0 to 65535.`);
}
