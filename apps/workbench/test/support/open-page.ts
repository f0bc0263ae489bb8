import { onTestFinished } from 'vitest';
import { makeLog } from '../../log.ts';
import { servePage, type ServedPage } from '../../web/server/serve-page.ts';
import { ScriptedCalls, type ScriptedOverview } from './scripted-overview.ts';

/** The page's server on a free port, until the test ends. */
export async function openPage(
  scripted: ScriptedOverview,
  calls = new ScriptedCalls(),
  port = 0,
): Promise<ServedPage & { readonly calls: ScriptedCalls }> {
  const { url, close } = await servePage({ overview: scripted.overview, calls, log: makeLog('silent'), port });
  let closing: Promise<void> | undefined;
  const closeOnce = (): Promise<void> => (closing ??= close());
  onTestFinished(closeOnce);
  return { url, close: closeOnce, calls };
}
