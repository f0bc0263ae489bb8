import { constants, DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { conformanceCases } from 'holdfast/conformance';
import { expect, onTestFinished, test, vi } from 'vitest';
import { KILLS_AND_DAMAGE } from '../support/store-conformance.ts';
import { sqliteHarness } from '../support/store-sqlite-harness.ts';

/** Other processes would use statements that are not watched. */
const OTHER_PROCESSES = /^process-/;

/** Collects the statements that SQLite compiles while they run: it does so again for each use of some, and that takes longer than most reads. */
function watchStatements(): { readonly used: ReadonlySet<string>; readonly compiledAnew: ReadonlySet<string> } {
  const [used, compiledAnew] = [new Set<string>(), new Set<string>()];
  const watched = new WeakSet<DatabaseSync>();
  const prepare: (this: DatabaseSync, sql: string) => StatementSync = Reflect.get(DatabaseSync.prototype, 'prepare');
  let running: string | undefined;
  const watching =
    <Result>(sql: string, use: (...values: SQLInputValue[]) => Result) =>
    (...values: SQLInputValue[]): Result => {
      used.add(sql);
      running = sql;
      try {
        return use(...values);
      } finally {
        running = undefined;
      }
    };
  const spy = vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, sql: string) {
    // It is asked whenever a statement is compiled.
    if (!watched.has(this)) this.setAuthorizer(() => (running !== undefined && compiledAnew.add(running), constants.SQLITE_OK));
    watched.add(this);
    const statement = prepare.call(this, sql);
    return Object.assign(statement, {
      run: watching(sql, statement.run.bind(statement)),
      get: watching(sql, statement.get.bind(statement)),
      all: watching(sql, statement.all.bind(statement)),
    });
  });
  onTestFinished(() => spy.mockRestore());
  return { used, compiledAnew };
}

test('the SQLite store has its statements compiled once, whatever is done to it', { timeout: 90_000 }, async () => {
  const { used, compiledAnew } = watchStatements();
  for (const each of conformanceCases(sqliteHarness()))
    if (each.notApplicable === undefined && !KILLS_AND_DAMAGE.test(each.id) && !OTHER_PROCESSES.test(each.id)) await each.run();
  expect(used).toContain('SELECT * FROM commit_log WHERE seq > ? ORDER BY seq LIMIT +?');
  // What a PRAGMA sets is set by compiling it.
  expect([...compiledAnew].filter((sql) => !sql.startsWith('PRAGMA synchronous ='))).toEqual([]);
});
