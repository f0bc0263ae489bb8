import { WorkbenchError } from '../workbench-error.ts';

const MAX_STEPS = 32;
const MAX_LENGTH = 1_000;
/** Keys that mean something else to JavaScript than to who writes them. */
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

type Parent = Record<string, unknown> | unknown[];

/** Steps of a path as in `environments.prod.status` or `active_issues.0.status`; a dot in a key is written `\.`. @throws {WorkbenchError} INVALID_INPUT. */
export function parsePath(path: string): readonly string[] {
  const steps = (path.match(/(?:\\.|[^.\\]|\\$)+|(?<=\.|^)(?=\.|$)/gs) ?? []).map((step) => step.replaceAll(/\\([.\\])/g, '$1'));
  const isPath = path.length <= MAX_LENGTH && steps.length > 0 && steps.length <= MAX_STEPS;
  if (!isPath || steps.some((step) => step === '' || FORBIDDEN.has(step)))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${JSON.stringify(path.slice(0, 200))} is no path. Give keys with dots between them, as in "environments.prod.status"; a dot in a key is written \\.`,
    );
  return steps;
}

/** What is at a path; undefined where nothing is. */
export function valueAt(root: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) => (isParent(value) && Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined),
    root,
  );
}

/** Puts a value at a path. Objects that are missing on the way are made; of a list only places that are there, or the next. @throws {WorkbenchError} REFUSED. */
export function setAt(root: Parent, steps: readonly string[], value: unknown): void {
  const [parent, last] = parentAt(root, steps, true);
  if (Array.isArray(parent)) parent[indexIn(parent, last, steps, parent.length)] = value;
  else parent[last] = value;
}

/** Takes away what is at a path, and says whether something was there. */
export function removeAt(root: Parent, steps: readonly string[]): boolean {
  if (valueAt(root, steps) === undefined) return false;
  const [parent, last] = parentAt(root, steps, false);
  if (Array.isArray(parent)) parent.splice(indexIn(parent, last, steps, parent.length - 1), 1);
  else delete parent[last];
  return true;
}

function parentAt(root: Parent, steps: readonly string[], makes: boolean): readonly [Parent, string] {
  let parent: Parent = root;
  for (const [index, step] of steps.slice(0, -1).entries()) {
    const found = valueAt(parent, [step]);
    if (isParent(found)) {
      parent = found;
    } else if (makes && (found === undefined || found === null) && !Array.isArray(parent)) {
      parent[step] = {};
      parent = parent[step] as Parent;
    } else {
      const where = steps.slice(0, index + 1).join('.');
      throw new WorkbenchError(
        'REFUSED',
        `There is no object and no list at ${where}, so nothing can be below it. Read the document first.`,
      );
    }
  }
  return [parent, steps.at(-1) as string];
}

function indexIn(list: readonly unknown[], step: string, steps: readonly string[], highest: number): number {
  const index = /^\d{1,9}$/.test(step) ? Number(step) : -1;
  if (index >= 0 && index <= highest) return index;
  throw new WorkbenchError(
    'REFUSED',
    `${steps.slice(0, -1).join('.') || 'The document'} is a list of ${list.length}; ${step} is no place in it. memory_append adds to a list.`,
  );
}

function isParent(value: unknown): value is Parent {
  return typeof value === 'object' && value !== null;
}
