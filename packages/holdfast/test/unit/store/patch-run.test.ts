import { fc, test } from '@fast-check/vitest';
import { bodiesOf, lengthOf, parsedPatches, patchRuns, type Change } from 'holdfast/store';
import { describe, expect } from 'vitest';

const body = fc.jsonValue().chain((value) => fc.constantFrom(JSON.stringify(value), JSON.stringify(value, undefined, 1)));
const bodies = fc.array(fc.record({ body, defVersion: fc.integer({ min: 1, max: 2 }) }), { minLength: 1, maxLength: 20 });

function changesOf(parts: readonly Partial<Change>[]): readonly Change[] {
  return parts.map((part, index) => ({ eid: 1, state: 'tab', version: index + 2, defVersion: 1, kind: 'patch', body: '[]', ...part }));
}

describe('runs of patches', () => {
  test.prop([bodies])('hold what the patches hold, in order, of one version of the definition each', (parts) => {
    const runs = patchRuns(changesOf(parts));
    expect(runs.flatMap(parsedPatches)).toEqual(parts.map((part) => JSON.parse(part.body) as unknown));
    expect(runs.flatMap(({ count, defVersion }) => Array.from({ length: count }, () => defVersion))).toEqual(
      parts.map(({ defVersion }) => defVersion),
    );
    expect(runs.at(-1)?.version).toBe(parts.length + 1);
  });

  test.prop([bodies])('give back the bodies that JSON.stringify wrote, and their length', (parts) => {
    const written = parts.map((part) => ({ ...part, body: JSON.stringify(JSON.parse(part.body)) }));
    const runs = patchRuns(changesOf(written));
    expect(runs.flatMap(bodiesOf)).toEqual(written.map((part) => part.body));
    expect(runs.reduce((sum, run) => sum + lengthOf(run), 0)).toBe(written.reduce((sum, part) => sum + part.body.length, 0));
  });

  test('are not so long that all of a log is in memory twice', () => {
    expect(patchRuns(changesOf(Array.from({ length: 600 }, () => ({})))).map(({ count, version }) => [count, version])).toEqual([
      [256, 257],
      [256, 513],
      [88, 601],
    ]);
  });

  test('are none without patches', () => {
    expect(patchRuns([])).toEqual([]);
  });

  test.each(['[["a"]]', '[["a"],\n["b"],\n["c"]]'])('are refused where they hold more or less than they say, as %j', (text) => {
    expect(() => parsedPatches({ version: 3, count: 2, defVersion: 1, text })).toThrow(SyntaxError);
  });
});
