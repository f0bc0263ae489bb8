import { KNOWN_HERE } from './instructions.ts';
import type { LanguageModelV4Prompt, LanguageModelV4ToolResultOutput } from '@ai-sdk/provider';

/** A tool's result of this turn; `result` and `message` are as the tools answer. */
export interface HouseToolRun {
  readonly name: string;
  readonly status: 'ok' | 'error';
  readonly result: Readonly<Record<string, unknown>>;
  readonly error: string;
  readonly message: string;
}

/** What the house model goes by. */
export interface HousePrompt {
  readonly phase: string;
  /** The guest's last message. */
  readonly text: string;
  /** How many messages the conversation has, as far as it was given. */
  readonly length: number;
  /** What the tools did since the guest's last message. */
  readonly runs: readonly HouseToolRun[];
  /** What the bar knows about it, best first. */
  readonly known: readonly string[];
}

export function readPrompt(prompt: LanguageModelV4Prompt): HousePrompt {
  const system = prompt.find((message) => message.role === 'system')?.content ?? '';
  const at = prompt.findLastIndex(({ role }) => role === 'user');
  const user = prompt[at];
  const text = user?.role === 'user' ? user.content.map((part) => (part.type === 'text' ? part.text : '')).join(' ') : '';
  const runs = prompt
    .slice(at + 1)
    .flatMap((message) => (message.role === 'tool' ? message.content : []))
    .flatMap((part) => (part.type === 'tool-result' ? [readRun(part.toolName, part.output)] : []));
  const known = system.split('\n').filter((line) => line.startsWith(KNOWN_HERE));
  return {
    phase: /^Phase: (\w+)/.exec(system)?.[1] ?? '',
    text,
    length: prompt.length,
    runs,
    known: known.map((line) => line.slice(line.indexOf(': ', KNOWN_HERE.length) + 2)),
  };
}

function readRun(name: string, output: LanguageModelV4ToolResultOutput): HouseToolRun {
  const answer = output.type === 'json' || output.type === 'error-json' ? asRecord(output.value) : {};
  const spoken = output.type === 'text' || output.type === 'error-text' ? output.value : '';
  const status = answer['status'] === 'ok' ? 'ok' : 'error';
  return { name, status, result: asRecord(answer['result']), error: textOf(answer['error']), message: textOf(answer['message']) || spoken };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
