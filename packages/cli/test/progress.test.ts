import type { CopyProgress } from 'holdfast';
import { expect, test } from 'vitest';
import { progressOn } from '../src/progress.ts';

function shown(isTTY: boolean, ...steps: readonly (readonly [step: CopyProgress['step'], records: number])[]): string {
  let written = '';
  const show = progressOn({ isTTY, write: (text) => (written += text) });
  for (const [step, records] of steps) show({ step, records, total: 200 });
  return written;
}

test('a terminal gets one bar that is drawn over, and its line ends with the copy', () => {
  const bar = shown(true, ['copy', 0], ['copy', 0], ['copy', 100], ['verify', 200]);
  expect(bar.split('\r').slice(1)).toEqual([
    `\u001B[Kcopying   ${'░'.repeat(30)} 0 % of 200 records`,
    `\u001B[Kcopying   ${'█'.repeat(15)}${'░'.repeat(15)} 50 % of 200 records`,
    `\u001B[Kcomparing ${'█'.repeat(30)} 100 % of 200 records\n`,
  ]);
});

test('anything else gets a plain line for every tenth', () => {
  expect(shown(false, ['copy', 1], ['copy', 5], ['copy', 21], ['copy', 200], ['verify', 3])).toBe(
    'copying 0 % of 200 records\ncopying 10 % of 200 records\ncopying 100 % of 200 records\ncomparing 1 % of 200 records\n',
  );
});
