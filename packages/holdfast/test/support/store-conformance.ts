import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { conformanceCases, type ConformanceCase, type ConformanceOptions, type StoreHarness } from 'holdfast/conformance';
import { afterAll, describe, expect, test } from 'vitest';

/** The last outcome of each case, by store: what docs/conformance.md says must agree with it. */
const RESULTS = new URL('../../../../node_modules/.cache/conformance/', import.meta.url);

/** Cases that take a minute on a store with files. Where they ask of a store what another one has answered, they are left to `npm run test:faults`. */
export const KILLS_AND_DAMAGE: RegExp = /^(kill|damage)-/;

export interface ConformanceRun extends ConformanceOptions {
  /** Ids of the cases of this run. Default all. */
  readonly only?: RegExp;
  /** Ids of cases that another run has. */
  readonly without?: RegExp;
  /** Default 90,000. */
  readonly timeoutMs?: number;
}

/** Makes a test of every case; one that does not apply is skipped with the reason in its name. */
export function testConformance(harness: StoreHarness, { only, without, timeoutMs = 90_000, ...options }: ConformanceRun = {}): void {
  const cases = conformanceCases(harness, options).filter(({ id }) => (only?.test(id) ?? true) && !without?.test(id));
  const results: Record<string, string> = {};
  describe(`the ${harness.name} store`, () => {
    for (const each of cases) {
      results[each.id] = each.notApplicable === undefined ? 'not passed' : 'not applicable';
      test.skipIf(each.notApplicable !== undefined)(`${each.title} [${each.id}]${reasonOf(each)}`, { timeout: timeoutMs }, async () => {
        await expect(each.run()).resolves.toBeUndefined();
        results[each.id] = 'passed';
      });
    }
    afterAll(() => record(harness.name, results));
  });
}

/** Beside what other runs have found out. */
function record(name: string, results: Readonly<Record<string, string>>): void {
  const file = new URL(`${name}.json`, RESULTS);
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...known, ...results }, undefined, 1));
}

function reasonOf({ notApplicable }: ConformanceCase): string {
  return notApplicable === undefined ? '' : `: ${notApplicable}`;
}
