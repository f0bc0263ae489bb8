import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';

/** A piece of an answer, a tool to call, or something that happens before the next piece. */
export type ScriptStep = string | { readonly tool: string; readonly input: unknown } | (() => Promise<void>);

const USAGE = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};

/** A model that says what the test has written down: one list of steps for each time it is asked; the last one again after that. */
export class ScriptedModel implements LanguageModelV4 {
  readonly specificationVersion = 'v4';
  readonly provider = 'test';
  readonly modelId = 'scripted';
  readonly supportedUrls = {};
  /** What it was asked, in order. */
  readonly asked: LanguageModelV4CallOptions[] = [];
  readonly #rounds: readonly (readonly ScriptStep[])[];

  constructor(...rounds: readonly (readonly ScriptStep[])[]) {
    this.#rounds = rounds;
  }

  doGenerate(): Promise<LanguageModelV4GenerateResult> {
    return Promise.reject(new Error('The bar streams.'));
  }

  doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    this.asked.push(options);
    const round = this.#rounds[Math.min(this.asked.length, this.#rounds.length) - 1] ?? [];
    return Promise.resolve({ stream: ReadableStream.from(this.#parts(round, `call-${this.asked.length}`)) });
  }

  async *#parts(round: readonly ScriptStep[], callId: string): AsyncGenerator<LanguageModelV4StreamPart, void, undefined> {
    yield { type: 'stream-start', warnings: [] };
    yield { type: 'text-start', id: 'text' };
    let calls = 0;
    for (const step of round) {
      if (typeof step === 'string') yield { type: 'text-delta', id: 'text', delta: step };
      else if (typeof step === 'function') await step();
      else yield { type: 'tool-call', toolCallId: `${callId}-${calls++}`, toolName: step.tool, input: JSON.stringify(step.input) };
    }
    yield { type: 'text-end', id: 'text' };
    yield { type: 'finish', finishReason: { unified: calls > 0 ? 'tool-calls' : 'stop', raw: undefined }, usage: USAGE };
  }
}
