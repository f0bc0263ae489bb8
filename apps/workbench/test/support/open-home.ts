import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeLog } from '../../log.ts';
import { openWorkbench, type Workbench, type WorkbenchOptions } from '../../open-workbench.ts';

/** An empty folder that goes with the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The Workbench on a home of its own, or on the one that is given; closed with the test. */
export async function openHome(options: Partial<WorkbenchOptions> = {}): Promise<Workbench> {
  const own = { home: join(emptyFolder(), 'home'), project: emptyFolder(), cursorFolder: emptyFolder() };
  const workbench = await openWorkbench({ ...own, log: makeLog('silent'), ...options });
  onTestFinished(() => workbench.close());
  return workbench;
}
