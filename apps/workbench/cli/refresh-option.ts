import { InvalidArgumentError, Option } from 'commander';

export interface RefreshOptions {
  /** Seconds. */
  readonly refresh: number;
}

/** How often everything is read again. */
export function refreshOption(): Option {
  return new Option('--refresh <seconds>', 'read everything again so often, from 5 to 300, besides what changes')
    .default(30)
    .argParser(secondsOf);
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 5 && seconds <= 300) return seconds;
  throw new InvalidArgumentError('Give seconds from 5 to 300.');
}
