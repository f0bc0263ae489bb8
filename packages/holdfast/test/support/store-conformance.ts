import { conformanceCases, type ConformanceCase, type ConformanceOptions, type StoreHarness } from 'holdfast/conformance';
import { describe, expect, test } from 'vitest';

/** Makes a test of every case; one that does not apply is skipped with the reason in its name. */
export function testConformance(harness: StoreHarness, options: ConformanceOptions & { readonly only?: RegExp; readonly timeoutMs?: number } = {}): void {
  describe(harness.name, () => {
    for (const each of conformanceCases(harness, options).filter(({ id }) => options.only?.test(id) ?? true)) {
      test.skipIf(each.notApplicable !== undefined)(nameOf(each), { timeout: options.timeoutMs ?? 90_000 }, async () => {
        await expect(each.run()).resolves.toBeUndefined();
      });
    }
  });
}

function nameOf({ id, title, notApplicable }: ConformanceCase): string {
  return `${title} [${id}]${notApplicable === undefined ? '' : `: ${notApplicable}`}`;
}
