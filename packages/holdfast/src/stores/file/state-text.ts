import { freezeJson, isSameJson } from '../../cow/index.ts';
import type { FileFormat } from './file-names.ts';
import { parseJson, printJson } from './json-text.ts';
import { UnreadableText } from './unreadable-text.ts';
import { parseYaml, printYaml } from './yaml-text.ts';

/** A state as it is recorded: in the shape of a version of its definition. */
export interface RecordedValue {
  readonly defVersion: number;
  readonly value: unknown;
}

/** Says in a file which version of the definition its shape is of, where that is not 1. */
const MARKER = '$definition';

/**
 * The state that a file's text says. A text without a marker has the shape of `defVersion`.
 * @throws {UnreadableText} for what is no state: not in its format, not an object or a list, nested more than 500 deep, with a key `__proto__` or a number without end.
 */
export function parseState(text: string, format: FileFormat, defVersion: number): RecordedValue {
  const parsed = format === 'json' ? parseJson(text) : parseYaml(text);
  if (typeof parsed !== 'object' || parsed === null) throw new UnreadableText('is no object and no list');
  const issue = freezeJson(parsed);
  if (issue) throw new UnreadableText(`is no state at ${issue.path.join('.')}: ${issue.message}`);
  const { [MARKER]: marker, ...value } = parsed as Record<string, unknown>;
  return isVersion(marker) ? { defVersion: marker, value } : { defVersion, value: parsed };
}

/** Whether a file's text says just this, in whatever words. */
export function saysState(text: string, format: FileFormat, recorded: RecordedValue): boolean {
  try {
    const { defVersion, value } = parseState(text, format, recorded.defVersion);
    return defVersion === recorded.defVersion && isSameJson(value, recorded.value);
  } catch (error) {
    if (error instanceof UnreadableText) return false;
    throw error;
  }
}

/** The text that says a state; as `like`, an earlier text of the file, where the value is the same. */
export function printState({ defVersion, value }: RecordedValue, format: FileFormat, like: string | undefined): string {
  const isMarked = defVersion > 1 && !Array.isArray(value) && !Object.hasOwn(value as object, MARKER);
  const shown = isMarked ? { [MARKER]: defVersion, ...(value as object) } : value;
  if (format === 'yaml') return printYaml(shown, like);
  return printJson(shown, like === undefined ? undefined : parsedOrNothing(like));
}

function parsedOrNothing(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function isVersion(marker: unknown): marker is number {
  return typeof marker === 'number' && Number.isSafeInteger(marker) && marker > 0;
}
