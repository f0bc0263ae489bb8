import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { Counter } from '../support/counter.ts';
import { runProgram } from '../support/run-program.ts';
import { freshDatabase } from '../support/test-store.ts';

const ROUNDS = 50 * Number(process.env['HOLDFAST_FAULTS'] ?? 1);
const IN_FLIGHT = 8;

describe('kill -9 at random during writes', () => {
  it(`loses nothing that was acknowledged and leaves nothing half-written, ${ROUNDS} rounds on one database`, async () => {
    const path = freshDatabase();
    let before = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const program = runProgram('add-to-counter', path, '1000000', String(IN_FLIGHT));
      await program.printed(1 + Math.floor(Math.random() * 200));
      program.child.kill('SIGKILL');
      await program.ended;
      const acknowledged = Math.max(before, ...program.lines.filter((line) => /^\d+$/.test(line)).map(Number));

      await using state = await StateManager.open({ store: sqlite(path) });
      const counter = await state.global().get(Counter);
      // A reply that was on its way when the process died may be missing; what it acknowledged may not.
      expect(counter.current.count).toBeGreaterThanOrEqual(acknowledged);
      expect(counter.version).toBe(counter.current.count);
      expect(counter.current.count).toBeGreaterThan(before);
      before = counter.current.count;
    }
  }, 300_000);
});
