import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A story that runs longer than this is killed and counts as failed. */
const LIMIT_MS = 60_000;

export interface StoryRun {
  readonly ok: boolean;
  /** What the program wrote to both of its outputs. */
  readonly output: string;
  readonly durationMs: number;
}

/** The names of all folders here that are a story: `examples/<story>/main.ts`. */
export function listStories(): string[] {
  return storyFolders().filter((name) => existsSync(join(import.meta.dirname, name, 'main.ts')));
}

/** Every folder beside this file, with or without a program. */
export function storyFolders(): string[] {
  const entries = readdirSync(import.meta.dirname, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() && entry.name !== 'node_modules' ? [entry.name] : [])).toSorted();
}

/** Runs a story as its reader would, in a process of its own; a story asserts its own output and ends with 0. */
export async function runStory(story: string): Promise<StoryRun> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['-C', 'holdfast-source', join(import.meta.dirname, story, 'main.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
  const written: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => written.push(chunk));
  const { promise, resolve } = Promise.withResolvers<string>();
  child.on('error', (error) => resolve(error.message));
  child.on('close', (code, signal) => resolve(code === 0 ? '' : `ended with ${signal ?? code}`));
  const failure = await promise;
  return { ok: failure === '', output: Buffer.concat(written).toString() + failure, durationMs: performance.now() - startedAt };
}
