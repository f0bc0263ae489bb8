/** Unpacks the Chromium that `@sparticuz/chromium` carries, with its libraries and fonts, into TMPDIR. Started by `launch-browser.ts`. */
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
