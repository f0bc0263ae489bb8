import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { DiagnosticMessages } from 'holdfast';
import { onTestFinished } from 'vitest';

/** Every channel of the engine. */
export const CHANNELS = [
  'holdfast:error',
  'holdfast:commit',
  'holdfast:conflict',
  'holdfast:load',
  'holdfast:snapshot',
  'holdfast:prune',
  'holdfast:checkpoint',
  'holdfast:restore',
  'holdfast:fork',
  'holdfast:merge',
  'holdfast:effect',
  'holdfast:lease',
  'holdfast:sweep',
] as const satisfies readonly (keyof DiagnosticMessages)[];

/** The messages of a channel from now until the test ends. */
export function listen<Name extends keyof DiagnosticMessages>(
  name: Name,
  onMessage: (message: DiagnosticMessages[Name]) => void = () => undefined,
): DiagnosticMessages[Name][] {
  const messages: DiagnosticMessages[Name][] = [];
  const keep = (message: unknown): void => {
    messages.push(message as DiagnosticMessages[Name]);
    onMessage(message as DiagnosticMessages[Name]);
  };
  subscribe(name, keep);
  onTestFinished(() => void unsubscribe(name, keep));
  return messages;
}
