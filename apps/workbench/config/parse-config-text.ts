import { parseDocument } from 'yaml';
import { isRecord } from '../json-value.ts';
import type { ConfigProblem } from './config-problem.ts';

export type ParsedConfig = { readonly raw: Readonly<Record<string, unknown>> } | { readonly problem: ConfigProblem };

/** Reads the text of a configuration. What a parser says of it is not passed on: it would quote the file, and tokens stand in it. */
export function parseConfigText(text: string): ParsedConfig {
  try {
    const raw: unknown = JSON.parse(text);
    if (isRecord(raw)) return { raw };
    return unreadable('is no JSON object');
  } catch (error) {
    const at = placeIn(error instanceof Error ? error.message : '') ?? placeByYaml(text);
    return unreadable(`is not JSON${at ? `, from line ${at.line}, column ${at.column} on` : ''}`, at);
  }
}

export function unreadable(message: string, at?: { readonly line: number; readonly column: number }): { readonly problem: ConfigProblem } {
  return { problem: { kind: 'unreadable', path: '', message: `config.json ${message}.`, ...at } };
}

function placeIn(message: string): { readonly line: number; readonly column: number } | undefined {
  const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(message) ?? [];
  return line === undefined || column === undefined ? undefined : { line: Number(line), column: Number(column) };
}

/** Where `JSON.parse` does not tell, a stricter reading of YAML, of which JSON is a part, mostly does. */
function placeByYaml(text: string): { readonly line: number; readonly column: number } | undefined {
  const { errors } = parseDocument(text, { schema: 'json', prettyErrors: true });
  const [start] = errors[0]?.linePos ?? [];
  return start && { line: start.line, column: start.col };
}
