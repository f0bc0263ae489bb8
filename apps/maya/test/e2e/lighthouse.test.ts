import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import lighthouse from 'lighthouse';
import { expect, it } from 'vitest';
import { launchBrowser } from '../../../../scripts/browser/launch-browser.ts';
import { OpenBar } from '../support/open-bar.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

it('Lighthouse finds the page accessible and well made', async () => {
  await using bar = await OpenBar.open();
  const port = await freePort();
  const browser = await launchBrowser({ flags: [`--remote-debugging-port=${port}`] });
  try {
    const result = await lighthouse(bar.url, {
      port,
      logLevel: 'silent',
      onlyCategories: ['accessibility', 'best-practices'],
      throttlingMethod: 'provided',
      // The page is there at once; Lighthouse would wait for it to fall quite still.
      maxWaitForLoad: 5_000,
    });
    const { categories, audits } = result!.lhr;
    const misses = Object.values(audits).filter(({ score, scoreDisplayMode }) => scoreDisplayMode === 'binary' && score !== 1);
    const missed = misses.map(({ id }) => id).join(', ');
    for (const { id, score } of Object.values(categories)) expect(score, `${id}: ${missed}`).toBeGreaterThanOrEqual(0.95);
    expect(Object.keys(categories)).toEqual(['accessibility', 'best-practices']);
  } finally {
    await browser.close();
  }
}, 60_000);
