import type { CopyProgress } from 'holdfast';

/** What is written to, and whether it is a terminal. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const WIDTH = 30;
const STEPS = { copy: 'copying', verify: 'comparing' } as const;

/** Shows how far a copy has come: a bar that is drawn over on a terminal, a line for every tenth elsewhere. */
export function progressOn(stream: ProgressStream): (progress: CopyProgress) => void {
  return stream.isTTY ? bar(stream) : lines(stream);
}

function bar(stream: ProgressStream): (progress: CopyProgress) => void {
  let drawn = '';
  return (progress) => {
    const filled = Math.round(shareOf(progress) * WIDTH);
    const text = `${STEPS[progress.step].padEnd(9)} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${countOf(progress)}`;
    if (text === drawn) return;
    drawn = text;
    stream.write(`\r\u001B[K${text}${isLast(progress) ? '\n' : ''}`);
  };
}

function lines(stream: ProgressStream): (progress: CopyProgress) => void {
  let last = '';
  return (progress) => {
    const tenth = `${progress.step} ${Math.floor(shareOf(progress) * 10)}`;
    if (tenth === last) return;
    last = tenth;
    stream.write(`${STEPS[progress.step]} ${countOf(progress)}\n`);
  };
}

function shareOf({ records, total }: CopyProgress): number {
  return total === 0 ? 1 : Math.min(1, records / total);
}

function countOf(progress: CopyProgress): string {
  return `${Math.floor(shareOf(progress) * 100)} % of ${progress.total} records`;
}

function isLast(progress: CopyProgress): boolean {
  return progress.step === 'verify' && shareOf(progress) === 1;
}
