import { homedir } from 'node:os';
import { Secret } from 'holdfast';
import type { ConfigProblem } from './config-problem.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const MAX_DEPTH = 50;
const REFERENCE = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;
const WHOLE_REFERENCE = /^\$([A-Za-z_]\w*)$/;
/** Keys whose texts are nobody's to read. */
const SECRET_KEY = /(?:token|tokens|secret|secrets|password|passphrase|cookie|api_?key|private_?key|(?:^|_)ics)$/i;
/** A shell expands what it runs itself. */
const COMMAND_KEY = /command$/i;

/**
 * The configuration with variables of the environment put in (`${NAME}`, `${NAME:-otherwise}`, or `$NAME` alone), `~/` as the home directory, and every text under
 * a key such as `token` as a `Secret`. What names a variable that is not set is left out and reported.
 */
export function expandValues(
  raw: Readonly<Record<string, unknown>>,
  environment: Environment,
): { readonly value: Readonly<Record<string, unknown>>; readonly problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];

  const problem = (kind: ConfigProblem['kind'], path: readonly string[], message: string): undefined =>
    void problems.push({ kind, path: path.join('.'), message });

  const expand = (value: unknown, path: readonly string[], isSecret: boolean): unknown => {
    if (path.length > MAX_DEPTH) return problem('invalid', path, `is nested more than ${MAX_DEPTH} deep`);
    if (typeof value === 'string') return text(value, path, isSecret);
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => expand(item, [...path, String(index)], isSecret)).filter((item) => item !== undefined);
    }
    return typeof value === 'object' && value !== null ? record(value, path, isSecret) : value;
  };

  const record = (value: object, path: readonly string[], isSecret: boolean): Record<string, unknown> => {
    const expanded: Record<string, unknown> = {};
    for (const [key, each] of Object.entries(value)) {
      const at = [...path, key];
      if (key === '__proto__') problem('invalid', at, 'is no key that can be taken');
      else {
        const item = expand(each, at, isSecret || SECRET_KEY.test(key));
        if (item !== undefined) expanded[key] = item;
      }
    }
    return expanded;
  };

  const text = (value: string, path: readonly string[], isSecret: boolean): unknown => {
    const put = COMMAND_KEY.test(path.at(-1) ?? '') ? value : withVariables(value, path);
    if (put === undefined) return undefined;
    const whole = put.startsWith('~/') ? `${environment['HOME'] ?? homedir()}${put.slice(1)}` : put;
    if (!isSecret || whole === '') return isSecret ? undefined : whole;
    try {
      return Secret.of(whole);
    } catch {
      return problem('invalid', path, 'is no text that can be a secret: it is too long, or no well-formed Unicode');
    }
  };

  const withVariables = (value: string, path: readonly string[]): string | undefined => {
    const missing: string[] = [];
    const lookUp = (name: string, otherwise?: string): string => {
      const found = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (found !== undefined && found !== '') return found;
      if (otherwise === undefined) missing.push(name);
      return otherwise ?? '';
    };
    const [, alone] = WHOLE_REFERENCE.exec(value) ?? [];
    const put =
      alone === undefined ? value.replace(REFERENCE, (_all, name: string, otherwise?: string) => lookUp(name, otherwise)) : lookUp(alone);
    for (const name of missing) problem('environment', path, `names the environment variable ${name}, which is not set`);
    return missing.length > 0 ? undefined : put;
  };

  return { value: record(raw, [], false), problems };
}
