import type { Documents } from './documents.ts';
import { isRecord } from '../json-value.ts';
import { recordsIn } from './records.ts';

export interface KnownIssue {
  /** The document that knows it. */
  readonly source: string;
  readonly tool?: string;
  readonly pattern: string;
  readonly meaning?: string;
  readonly fix?: string;
  readonly commands?: readonly string[];
}

const PATTERNS = 'learned/patterns';
const FIXES = 'learned/tool_fixes';
const MAX_ISSUES = 50;

/**
 * What was learned about an error or a tool before: patterns that occur in the error, and fixes of the tool; upper and lower case are the same. Those of the tool
 * that was asked about come first. Without an error, all fixes of the tool.
 */
export async function findKnownIssues(
  documents: Documents,
  { tool, error }: { readonly tool?: string; readonly error?: string },
): Promise<readonly KnownIssue[]> {
  const wantedTool = tool === undefined ? undefined : folded(tool);
  const text = error === undefined ? undefined : folded(error);
  const known = [...(await fixes(documents)), ...(await patterns(documents))];
  const ofTool = (issue: KnownIssue): boolean => wantedTool !== undefined && issue.tool !== undefined && folded(issue.tool) === wantedTool;
  const found = known.filter((issue) => (text === undefined ? ofTool(issue) : text.includes(folded(issue.pattern))));
  return [...found.filter(ofTool), ...found.filter((issue) => !ofTool(issue))].slice(0, MAX_ISSUES);
}

/** As one compares texts that people wrote: case, and ways of writing the same letter, make no difference. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().toUpperCase();
}

async function fixes(documents: Documents): Promise<readonly KnownIssue[]> {
  const content = (await documents.find(FIXES))?.content;
  return recordsIn(content, 'tool_fixes').map((fix) => ({
    source: FIXES,
    tool: String(fix['tool_name']),
    pattern: String(fix['error_pattern']),
    ...texts({ meaning: fix['root_cause'], fix: fix['fix_applied'] }),
  }));
}

async function patterns(documents: Documents): Promise<readonly KnownIssue[]> {
  const content = (await documents.find(PATTERNS))?.content;
  if (!isRecord(content)) return [];
  const lists = Object.keys(content).filter((name) => name.endsWith('patterns'));
  return lists
    .flatMap((name) => recordsIn(content, name))
    .map(({ pattern, meaning, fix, commands }) => ({
      source: PATTERNS,
      pattern: String(pattern),
      ...texts({ meaning, fix }),
      ...(Array.isArray(commands) && { commands: commands.map(String) }),
    }));
}

function texts<Name extends string>(values: Readonly<Record<Name, unknown>>): Partial<Record<Name, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string' && value !== '')) as Partial<
    Record<Name, string>
  >;
}
