// Commits for as many milliseconds as it is told, about one commit a millisecond, and answers the latency of each.
import { commitNext, openShared } from './shared-database.ts';

const { db } = openShared(process.argv[2]!);
process.on('message', (durationMs: number) => {
  const latenciesMs: number[] = [];
  const end = performance.now() + durationMs;
  while (performance.now() < end) {
    const start = performance.now();
    commitNext(db);
    latenciesMs.push(performance.now() - start);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  }
  process.send!(latenciesMs);
});
process.on('disconnect', () => db.close());
process.send!([]);
