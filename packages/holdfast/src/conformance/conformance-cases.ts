import { spawnSync } from 'node:child_process';
import { CaseContext } from './case-context.ts';
import { atomicityCases } from './cases/atomicity-cases.ts';
import { backupCases } from './cases/backup-cases.ts';
import { compactionCases } from './cases/compaction-cases.ts';
import { damageCases } from './cases/damage-cases.ts';
import { entityCases } from './cases/entity-cases.ts';
import { idempotencyCases } from './cases/idempotency-cases.ts';
import { importCases } from './cases/import-cases.ts';
import { itemCases } from './cases/item-cases.ts';
import { killCases } from './cases/kill-cases.ts';
import { lifecycleCases } from './cases/lifecycle-cases.ts';
import { loadCases } from './cases/load-cases.ts';
import { logCases } from './cases/log-cases.ts';
import { processCases } from './cases/process-cases.ts';
import { readOnlyCases } from './cases/read-only-cases.ts';
import { refusalCases } from './cases/refusal-cases.ts';
import { signalCases } from './cases/signal-cases.ts';
import { sweepCases } from './cases/sweep-cases.ts';
import { textCases } from './cases/text-cases.ts';
import { usageCases } from './cases/usage-cases.ts';
import type { CaseDefinition } from './define-case.ts';
import type { ConformanceCase, Need, StoreHarness } from './harness.ts';

export interface ConformanceOptions {
  /** How thorough the cases with processes, kills and damage are. Default 1, about 40 s for a store of files; 10 is for a long run. */
  readonly effort?: number;
}

/**
 * What every store must do, as cases for any test runner: run those without `notApplicable`, and show the others with their reason.
 * @example
 * for (const each of conformanceCases(harness)) (each.notApplicable ? test.skip : test)(each.title, () => each.run());
 */
export function conformanceCases(harness: StoreHarness, { effort = 1 }: ConformanceOptions = {}): readonly ConformanceCase[] {
  const definitions: readonly CaseDefinition[] = [
    ...lifecycleCases,
    ...atomicityCases,
    ...refusalCases,
    ...entityCases,
    ...idempotencyCases,
    ...itemCases,
    ...logCases,
    ...loadCases,
    ...compactionCases,
    ...sweepCases,
    ...usageCases,
    ...readOnlyCases,
    ...signalCases,
    ...textCases,
    ...backupCases,
    ...importCases,
    ...processCases(effort),
    ...killCases(effort),
    ...damageCases(effort),
  ];
  const missing = missingNeeds(harness);
  return definitions.map(({ id, title, needs, body }) => ({
    id,
    title,
    needs,
    notApplicable: needs.map((need) => missing.get(need)).find((reason) => reason !== undefined),
    run: () => CaseContext.run(harness, body),
  }));
}

function missingNeeds(harness: StoreHarness): ReadonlyMap<Need, string> {
  const store = harness.create({ clock: Date.now });
  const { sharedBetweenProcesses, survivesProcess } = store.capabilities;
  const missing = new Map<Need, string>();
  if (harness.hasOwnClock) missing.set('clock', 'the clock of the store cannot be set');
  if (!sharedBetweenProcesses) missing.set('shared', 'the store says that it is not shared between processes');
  if (!survivesProcess) missing.set('durable', 'the store says that it does not survive the process');
  if (!harness.child) missing.set('child', 'the harness gives no driver for another process');
  if (!harness.files) missing.set('files', 'the harness names no files to damage');
  if (!store.backup || !harness.backupPath || !harness.openBackup) missing.set('backup', 'the store has no backup');
  if (!store.import) missing.set('import', 'the store has no import');
  const noTrace = harness.tracedPaths ? reasonWithoutStrace() : 'the harness names no paths to trace';
  if (noTrace !== undefined) missing.set('strace', noTrace);
  return missing;
}

function reasonWithoutStrace(): string | undefined {
  const { status, error, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'inject=fsync:signal=KILL:when=1', 'true'], {
    encoding: 'utf8',
  });
  if (error) return `strace cannot be started: ${error.message}`;
  return status === 0 ? undefined : `strace cannot trace here: ${stderr.trim()}`;
}
