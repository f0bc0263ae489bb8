export type Path = readonly (string | number)[];

/** A declared place of secrets: keys from the root, `*` for any key or index. */
export interface PathPattern {
  readonly text: string;
  readonly segments: readonly string[];
}

export function pathPattern(text: string): PathPattern {
  return { text, segments: text.split('.') };
}

/** Whether every segment of the pattern is one. */
export function isPathPattern(text: string): boolean {
  return pathPattern(text).segments.every((segment) => segment !== '' && segment !== '__proto__');
}

/** Whether the pattern names this path. */
export function matches({ segments }: PathPattern, path: Path): boolean {
  return segments.length === path.length && matchesStart(segments, path);
}

/**
 * Replaces what stands where a pattern leads; nodes on the way are copied when something below them is replaced, all others are shared. `path` is where
 * the value itself stands, for the value of a patch. Costs what the patterns lead to, not what is there.
 */
export function replaceAt(
  value: unknown,
  path: Path,
  patterns: readonly PathPattern[],
  replace: (node: unknown, path: Path, pattern: PathPattern) => unknown,
): unknown {
  let result = value;
  for (const pattern of patterns) {
    if (pattern.segments.length >= path.length && matchesStart(pattern.segments, path)) result = follow(result, path, pattern, replace);
  }
  return result;
}

function follow(
  node: unknown,
  path: Path,
  pattern: PathPattern,
  replace: (node: unknown, path: Path, pattern: PathPattern) => unknown,
): unknown {
  const segment = pattern.segments[path.length];
  if (segment === undefined) return replace(node, path, pattern);
  if (typeof node !== 'object' || node === null) return node;
  let copy: Record<string | number, unknown> | undefined;
  for (const key of keysFor(node, segment)) {
    const inner = (node as Record<string | number, unknown>)[key];
    const replaced = follow(inner, [...path, key], pattern, replace);
    if (replaced === inner) continue;
    copy ??= (Array.isArray(node) ? [...(node as unknown[])] : { ...node }) as Record<string | number, unknown>;
    copy[key] = replaced;
  }
  return copy ?? node;
}

function keysFor(node: object, segment: string): readonly (string | number)[] {
  if (Array.isArray(node)) return segment === '*' ? Array.from(node.keys()) : [];
  if (Object.getPrototypeOf(node) !== Object.prototype) return [];
  const keys = segment === '*' ? Object.keys(node) : Object.hasOwn(node, segment) ? [segment] : [];
  return keys.filter((key) => key !== '__proto__');
}

/** A position in a list matches only `*`: items move. */
function matchesStart(segments: readonly string[], path: Path): boolean {
  return path.every((key, depth) => segments[depth] === '*' || segments[depth] === key);
}
