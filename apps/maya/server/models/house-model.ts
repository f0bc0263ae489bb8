import { setTimeout as sleep } from 'node:timers/promises';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import type { Menu } from '../menu/index.ts';
import type { UnderstandingConfig } from '../understanding/index.ts';
import { readPrompt } from './house-prompt.ts';
import { sayRuns, type Saying } from './house-replies.ts';
import { smallTalk } from './house-small-talk.ts';
import { answerWishes } from './house-wishes.ts';

const NO_USAGE: LanguageModelV4Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};

export interface HouseModelOptions {
  readonly menu: Menu;
  /** Default: `DEFAULT_CONFIG`. */
  readonly understanding?: UnderstandingConfig;
  /** The pause between two words of a streamed answer. Default 0. */
  readonly wordDelayMs?: number;
}

/**
 * Maya without any key: rules instead of a network, behind the interface of the AI SDK's models, so that the same loop and tools serve both.
 * The same prompt gets the same answer. It calls tools for what the guest wishes and puts their results into words.
 */
export class HouseModel implements LanguageModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider = 'maya';
  readonly modelId = 'house';
  readonly supportedUrls = {};
  readonly #menu: Menu;
  readonly #understanding: UnderstandingConfig | undefined;
  readonly #wordDelayMs: number;

  constructor({ menu, understanding, wordDelayMs = 0 }: HouseModelOptions) {
    this.#menu = menu;
    this.#understanding = understanding;
    this.#wordDelayMs = wordDelayMs;
  }

  doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const content = this.#answer(options);
    return Promise.resolve({ content, finishReason: finishOf(content), usage: NO_USAGE, warnings: [] });
  }

  doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const parts = this.#parts(this.#answer(options), options.abortSignal);
    return Promise.resolve({ stream: ReadableStream.from(parts) });
  }

  async *#parts(
    content: readonly LanguageModelV4Content[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
    yield { type: 'stream-start', warnings: [] };
    for (const part of content) {
      if (part.type === 'tool-call') yield part;
      if (part.type === 'text') yield* this.#words(part.text, signal);
    }
    yield { type: 'finish', finishReason: finishOf(content), usage: NO_USAGE };
  }

  async *#words(text: string, signal: AbortSignal | undefined): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
    const id = 'text';
    yield { type: 'text-start', id };
    for (const delta of text.match(/\s*\S+/g) ?? []) {
      if (this.#wordDelayMs > 0) await sleep(this.#wordDelayMs, undefined, { signal });
      yield { type: 'text-delta', id, delta };
    }
    yield { type: 'text-end', id };
  }

  #answer({ prompt, tools = [], toolChoice }: LanguageModelV4CallOptions): LanguageModelV4Content[] {
    const read = readPrompt(prompt);
    const wishes = answerWishes(read.text, this.#menu, this.#understanding);
    const isCallable = (name: string): boolean =>
      toolChoice?.type !== 'none' && tools.some((tool) => tool.name === name) && !read.runs.some((run) => run.name === name);
    const calls = wishes.flatMap((wish) => ('tool' in wish && isCallable(wish.tool) ? [wish] : []));
    if (calls.length > 0) {
      return calls.map(({ tool, input }, index) => ({
        type: 'tool-call',
        toolCallId: `house-${read.length}-${index}`,
        toolName: tool,
        input: JSON.stringify(input),
      }));
    }
    const sayings = [
      ...sayRuns(read.runs),
      ...wishes.flatMap((wish): Saying[] => ('say' in wish ? [{ text: wish.say, emotion: 'neutral' }] : [])),
    ];
    const [first, ...rest] = sayings.length > 0 ? sayings : [smallTalk(read)];
    const said = [first, ...rest].map((saying) => saying?.text ?? '').join(' ');
    return [{ type: 'text', text: `${said} [STATE: ${first?.emotion ?? 'neutral'}]` }];
  }
}

function finishOf(content: readonly LanguageModelV4Content[]): LanguageModelV4FinishReason {
  return { unified: content.some(({ type }) => type === 'tool-call') ? 'tool-calls' : 'stop', raw: undefined };
}
