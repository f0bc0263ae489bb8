import type { Page } from 'playwright-core';
import { findViolations } from '../../../../scripts/browser/find-violations.ts';

const SIZES = [
  ['wide', { width: 1_280, height: 800 }],
  ['phone', { width: 390, height: 844 }],
] as const;

/** What axe objects to, and which way the page scrolls that it should not, on a screen and on a phone, in light and in dark. */
export async function faultsInEveryLook(page: Page): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [size, viewport] of SIZES) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      faults.push(...(await findViolations(page)).map((violation) => `${size}, ${colorScheme}: ${violation}`));
    }
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    if (overflow !== 0) faults.push(`${size}: it scrolls sideways by ${overflow} px`);
  }
  return faults;
}
