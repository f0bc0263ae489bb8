#!/usr/bin/env -S node -C holdfast-source
import { CommanderError } from 'commander';
import { EXIT } from './output.ts';
import { program } from './program.ts';

try {
  await program(process.env).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has said what was wrong; help that was asked for is no failure.
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
}
