import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchBrowser } from '../../../../scripts/browser/launch-browser.ts';

/** What is open while a test runs. */
interface OpenBrowser {
  readonly browser: Browser;
  /** Of this test alone. Waiting for something on a page ends after 15 s. */
  readonly context: BrowserContext;
}

/** One browser for the tests of a file, with a context for each; called at the top of the file. */
export function useBrowser(options: BrowserContextOptions = {}): OpenBrowser {
  const open = {} as { -readonly [Key in keyof OpenBrowser]: OpenBrowser[Key] };
  beforeAll(async () => {
    open.browser = await launchBrowser();
  }, 60_000);
  afterAll(() => open.browser.close());
  beforeEach(async () => {
    open.context = await open.browser.newContext(options);
    open.context.setDefaultTimeout(15_000);
  });
  afterEach(() => open.context.close());
  return open;
}
