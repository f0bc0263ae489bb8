import { conformanceCases, type ConformanceCase, type ConformanceOptions, type StoreHarness } from 'holdfast/conformance';
import { describe, expect, test } from 'vitest';

/** Makes a test of every case; one that does not apply is skipped with the reason in its name. */
export function testConformance(
  harness: StoreHarness,
  options: ConformanceOptions & { readonly only?: RegExp; readonly timeoutMs?: number } = {},
): void {
  describe(`the ${harness.name} store`, () => {
    for (const each of conformanceCases(harness, options).filter(({ id }) => options.only?.test(id) ?? true)) {
      test.skipIf(each.notApplicable !== undefined)(
        `${each.title} [${each.id}]${reasonOf(each)}`,
        { timeout: options.timeoutMs ?? 90_000 },
        async () => {
          await expect(each.run()).resolves.toBeUndefined();
        },
      );
    }
  });
}

function reasonOf({ notApplicable }: ConformanceCase): string {
  return notApplicable === undefined ? '' : `: ${notApplicable}`;
}
