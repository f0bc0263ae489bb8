import { mkdirSync, writeFileSync } from 'node:fs';
import { conformanceCases, type ConformanceCase, type ConformanceOptions, type StoreHarness } from 'holdfast/conformance';
import { afterAll, describe, expect, test } from 'vitest';

/** The outcome of a whole run, by store: what docs/conformance.md says must agree with it. */
const RESULTS = new URL('../../../../node_modules/.cache/conformance/', import.meta.url);

/** Makes a test of every case; one that does not apply is skipped with the reason in its name. */
export function testConformance(
  harness: StoreHarness,
  options: ConformanceOptions & { readonly only?: RegExp; readonly timeoutMs?: number } = {},
): void {
  const cases = conformanceCases(harness, options).filter(({ id }) => options.only?.test(id) ?? true);
  const results: Record<string, string> = {};
  describe(`the ${harness.name} store`, () => {
    for (const each of cases) {
      results[each.id] = each.notApplicable === undefined ? 'not passed' : 'not applicable';
      test.skipIf(each.notApplicable !== undefined)(
        `${each.title} [${each.id}]${reasonOf(each)}`,
        { timeout: options.timeoutMs ?? 90_000 },
        async () => {
          await expect(each.run()).resolves.toBeUndefined();
          results[each.id] = 'passed';
        },
      );
    }
    afterAll(() => {
      if (options.only) return;
      mkdirSync(RESULTS, { recursive: true });
      writeFileSync(new URL(`${harness.name}.json`, RESULTS), JSON.stringify(results, undefined, 1));
    });
  });
}

function reasonOf({ notApplicable }: ConformanceCase): string {
  return notApplicable === undefined ? '' : `: ${notApplicable}`;
}
