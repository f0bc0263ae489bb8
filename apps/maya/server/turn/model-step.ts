import { isStepCount, streamText, type ModelMessage } from 'ai';
import type { Bar } from '../bar.ts';
import { instructionsFor } from '../models/instructions.ts';
import type { TurnModel } from '../models/turn-model.ts';
import type { Passage } from '../retrieval/read-passages.ts';
import type { Session } from '../session/session.ts';
import type { Message } from '../state/index.ts';
import { modelTools } from '../tools/model-tools.ts';
import type { ToolRun } from '../tools/run-tool.ts';
import { CallGate } from './call-gate.ts';

/** How far a model may go in a turn. */
export interface ModelLimits {
  /** Messages of the conversation that it is given, besides the guest's last one. */
  readonly messages: number;
  /** After so many rounds of tools it has to answer. */
  readonly toolRounds: number;
  /** One that takes longer has failed. */
  readonly timeMs: number;
}

export const MODEL_LIMITS: ModelLimits = { messages: 10, toolRounds: 8, timeMs: 60_000 };

/** The model went away in mid-answer. */
class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export interface ModelStepOptions {
  readonly bar: Bar;
  readonly model: TurnModel;
  readonly session: Session;
  /** What ran before the model, or has to be asked back: it stands in the prompt as calls and results of this turn. */
  readonly before: readonly ToolRun[];
  /** What the bar knows about what the guest talks of. */
  readonly passages: readonly Passage[];
  readonly onRun: (run: ToolRun) => void;
  /** Judges what was said so far, before a call begins; false when nothing more shall be done. */
  readonly mayCall: () => Promise<boolean>;
  readonly limits: ModelLimits;
  readonly signal: AbortSignal;
}

/** Lets the model answer, with the bar's tools at hand; gives the answer piece by piece. Ends early, without an error, when the signal aborts or a call may not begin. */
export async function* modelStep({
  bar,
  model: { model, sampling, foreignCallOptions },
  session,
  before,
  passages,
  onRun,
  mayCall,
  limits,
  signal,
}: ModelStepOptions): AsyncGenerator<string, void, undefined> {
  const conversation = session.conversation.current;
  const failed: unknown[] = [];
  const gate = new CallGate();
  // Not AbortSignal.timeout, which keeps all that hangs on it in memory until the time is over.
  const overdue = new AbortController();
  const timer = setTimeout(() => overdue.abort(), limits.timeMs);
  try {
    const { stream } = streamText({
      model,
      ...sampling,
      // A guest can send the message again, and a quota is not made better by asking thrice.
      maxRetries: 0,
      instructions: instructionsFor(conversation, bar.menu, passages),
      messages: [
        ...conversation.messages.slice(-limits.messages - 1).flatMap(asModelMessage),
        ...asToolMessages(before, foreignCallOptions),
      ],
      tools: modelTools(bar, { passed: (callId) => gate.passed(callId), onRun }),
      toolCallConcurrency: 1,
      stopWhen: isStepCount(limits.toolRounds + 1),
      prepareStep: ({ stepNumber }) => (stepNumber >= limits.toolRounds ? { toolChoice: 'none' } : {}),
      // Nobody listens to it, and it would copy every event of the answer.
      telemetry: { isEnabled: false },
      abortSignal: AbortSignal.any([signal, overdue.signal]),
      onError: ({ error }) => void failed.push(error),
    });
    for await (const part of stream) {
      if (part.type === 'text-delta') yield part.text;
      else if (part.type === 'tool-call') {
        if (!(await mayCall()) || signal.aborted) return;
        gate.open(part.toolCallId);
      } else if (part.type === 'error') throw part.error;
      else if (part.type === 'finish' && part.finishReason === 'interrupted') throw new ConnectionLost('The model’s answer broke off.');
      else if (part.type === 'abort' && !signal.aborted) throw new ConnectionLost(`The model did not answer in ${limits.timeMs} ms.`);
    }
  } finally {
    clearTimeout(timer);
  }
  if (failed.length > 0 && !signal.aborted) throw failed[0];
}

function asModelMessage({ role, text, isBlocked }: Message): ModelMessage[] {
  return text === '' || isBlocked ? [] : [{ role, content: text }];
}

function asToolMessages(runs: readonly ToolRun[], providerOptions: TurnModel['foreignCallOptions']): ModelMessage[] {
  if (runs.length === 0) return [];
  const calls = runs.map(({ name, input }, index) => ({
    type: 'tool-call' as const,
    toolCallId: `before-${index}`,
    toolName: name,
    input,
    providerOptions,
  }));
  const results = runs.map(({ name, answer }, index) => ({
    type: 'tool-result' as const,
    toolCallId: `before-${index}`,
    toolName: name,
    output: { type: 'json' as const, value: answer },
  }));
  return [
    { role: 'assistant', content: calls },
    { role: 'tool', content: results },
  ];
}
