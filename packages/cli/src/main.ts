#!/usr/bin/env -S node -C holdfast-source
import { CommanderError } from 'commander';
import { EXIT, type Output } from './output.ts';
import { program } from './program.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());

try {
  await program(run, interruption.signal).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what was wrong; help that was asked for is no failure.
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
}

async function run(output: Output, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.exitCode = output.failure(error, interruption.signal.aborted);
  }
}
