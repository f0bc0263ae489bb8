import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CommandWorker } from '../../../daemons/sprint/command-worker.ts';
import { emptyFolder } from '../../support/open-home.ts';

const order = { key: 'AAP-1', summary: '$(touch hacked); `touch hacked`' };
const going = { run: 'run-1', signal: new AbortController().signal };

function node(program: string, ...args: readonly string[]): CommandWorker {
  return new CommandWorker({ command: [process.execPath, '-e', program, ...args] });
}

test.each([
  ['0', 'completed'],
  ['1', 'blocked'],
  ['75', 'waiting'],
])('a command that exits with %s has the work %s', async (code, outcome) => {
  await expect(node(`console.log('said'); process.exitCode = ${code}`).work(order, going)).resolves.toEqual({ outcome, summary: 'said' });
});

test('the issue is in the arguments and the environment, and no shell reads it', async () => {
  const cwd = emptyFolder();
  const program = 'console.log(JSON.stringify([process.argv[1], process.env.ISSUE_KEY, process.env.ISSUE_SUMMARY, process.env.ISSUE_RUN]))';
  const worker = new CommandWorker({ command: [process.execPath, '-e', program, '{key}: {summary}'], cwd });
  const { summary } = await worker.work(order, going);
  expect(JSON.parse(summary)).toEqual([`AAP-1: ${order.summary}`, 'AAP-1', order.summary, 'run-1']);
  expect(existsSync(join(cwd, 'hacked'))).toBe(false);
});

test('of much output the end is kept', async () => {
  const { summary } = await node(`process.stdout.write('x'.repeat(1_000_000) + 'the end')`).work(order, going);
  expect(summary).toHaveLength(2_000);
  expect(summary.endsWith('the end')).toBe(true);
});

test('a command that is not there blocks the issue', async () => {
  const report = await new CommandWorker({ command: [join(emptyFolder(), 'none')] }).work(order, going);
  expect(report).toMatchObject({ outcome: 'blocked', summary: expect.stringContaining('could not be started') as string });
});

test('aborted work ends, with what it started', async () => {
  const controller = new AbortController();
  const program = `const { spawn } = require('node:child_process'); spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'inherit' }); setInterval(() => 0, 1000)`;
  const work = node(program).work(order, { run: 'run-1', signal: controller.signal });
  setImmediate(() => controller.abort());
  await expect(work).resolves.toMatchObject({ outcome: 'blocked' });
});
