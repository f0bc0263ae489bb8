import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runDaemons, type RunDaemonsOptions, type RunningDaemons } from '../../daemons/run-daemons.ts';
import { makeLog } from '../../log.ts';
import { emptyFolder } from './open-home.ts';

/** Daemons on a home of their own, or the one that is given; closed with the test. */
export async function startDaemons(options: Partial<RunDaemonsOptions> & Pick<RunDaemonsOptions, 'modules'>): Promise<RunningDaemons> {
  const folder = emptyFolder();
  const running = await runDaemons({ home: join(folder, 'home'), project: folder, log: makeLog('silent'), waysIn: [], ...options });
  onTestFinished(() => running.close());
  return running;
}
