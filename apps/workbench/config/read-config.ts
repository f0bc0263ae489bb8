import type { z } from 'zod';
import { isBreakage, type ConfigProblem } from './config-problem.ts';
import { REQUIRED, SECTIONS, withNewerNames, type ConfigSections } from './config-sections.ts';
import { expandValues, type Environment } from './expand-values.ts';
import { parseConfigText } from './parse-config-text.ts';

/** A configuration as it is given out: the sections that fit, and others as they stand there. */
export type Config = ConfigSections & { readonly [section: string]: unknown };

export interface ReadConfig {
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
}

/** Reads a configuration's text, finding every problem in it; sections that do not fit are left out. */
export function readConfig(text: string, environment: Environment): ReadConfig {
  const parsed = parseConfigText(text);
  if ('problem' in parsed) return { config: {}, problems: [parsed.problem] };
  const { value, problems: expansionProblems } = expandValues(parsed.raw, environment);
  const problems = [...expansionProblems];
  const config: Record<string, unknown> = {};
  const sections = withNewerNames(value);
  for (const [name, section] of Object.entries(sections)) {
    const schema: z.ZodType | undefined = Object.hasOwn(SECTIONS, name) ? SECTIONS[name as keyof typeof SECTIONS] : undefined;
    const checked = schema ? schema.safeParse(section) : { success: true as const, data: section };
    if (checked.success) config[name] = checked.data;
    else problems.push(...checked.error.issues.map((issue) => problemOf(name, issue)));
  }
  for (const [name, key] of Object.entries(REQUIRED)) {
    const section = sections[name];
    const isThere = typeof section === 'object' && section !== null && Object.hasOwn(section, key);
    const isToldOf = problems.some(({ path }) => path === name || path === `${name}.${key}`);
    if (!isThere && !isToldOf) problems.push({ kind: 'missing', path: `${name}.${key}`, message: 'is missing' });
  }
  return { config: freeze(config) as Config, problems: problems.toSorted((a, b) => Number(isBreakage(b)) - Number(isBreakage(a))) };
}

function problemOf(section: string, { path, message }: z.core.$ZodIssue): ConfigProblem {
  const isMissing = message.endsWith('received undefined');
  return { kind: 'invalid', path: [section, ...path.map(String)].join('.'), message: isMissing ? 'is missing' : lowered(message) };
}

function lowered(message: string): string {
  return message.startsWith('Invalid') ? `is not right: ${message.charAt(0).toLowerCase()}${message.slice(1)}` : message;
}

/** Deeply, but for secrets, which are frozen already. */
function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) freeze(each);
  }
  return value;
}
