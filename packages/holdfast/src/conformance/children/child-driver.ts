import { writeSync } from 'node:fs';
import type { Store } from '../../store/index.ts';
import type { ChildDriver } from '../harness.ts';

/** What the parent passed to this process: the driver, opened here, and the program's settings. */
export async function openChildStore<Settings>(): Promise<{ store: Store; settings: Settings }> {
  const { driver, settings } = JSON.parse(process.argv[2] as string) as { driver: ChildDriver; settings: Settings };
  const module = (await import(driver.module)) as Record<string, (...args: readonly unknown[]) => Store>;
  const store = (module[driver.factory] as (...args: readonly unknown[]) => Store)(...driver.args);
  await store.open();
  return { store, settings };
}

/** Written at once, so that a kill right after cannot take it back. */
export function say(line: string): void {
  writeSync(1, `${line}\n`);
}
