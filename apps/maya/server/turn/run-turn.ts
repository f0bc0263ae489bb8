import type { Logger } from 'pino';
import type { Bar } from '../bar.ts';
import type { SessionView } from '../http/contract.ts';
import type { Metrics, TurnOutcome } from '../metrics.ts';
import type { SessionClients } from '../models/session-clients.ts';
import { INSTEAD, type Safety } from '../safety/safety.ts';
import type { Retrieval } from '../retrieval/retrieval.ts';
import { withSession, type TurnContext } from '../session/session-context.ts';
import { cutOffReply, messageView } from '../session/session-view.ts';
import { speakTurn } from '../speech/speak-turn.ts';
import { replyId, type Conversation, type Message, type ToolRecord } from '../state/index.ts';
import type { ToolRun } from '../tools/run-tool.ts';
import { modelStep, type ModelLimits } from './model-step.ts';
import { orderStep } from './order-step.ts';
import { countTurn } from './phases.ts';
import type { RunningTurn } from './running-turn.ts';
import { SpokenReply } from './spoken-reply.ts';
import { tellFault } from './turn-fault.ts';
import { TurnLease, type TurnLeaseOptions } from './turn-lease.ts';

/** What a turn needs besides its session. */
export interface TurnKit extends TurnLeaseOptions {
  readonly bar: Bar;
  readonly clients: SessionClients;
  readonly retrieval: Retrieval;
  readonly safety: Safety;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** The session of a turn as a page shows it that has the messages before `messagesFrom`. */
  readonly view: (turn: RunningTurn, messagesFrom: number) => SessionView;
  readonly modelLimits: ModelLimits;
}

/** Runs a turn to its end and tells its events; never rejects. */
export async function runTurn(kit: TurnKit, turn: RunningTurn): Promise<void> {
  const { events, id } = turn;
  const began = performance.now();
  events.push({ name: 'session', data: { turnId: id } });
  const speech = turn.isSpoken ? speakTurn({ ...kit, menu: kit.bar.menu }, turn) : undefined;
  try {
    await using held = await TurnLease.take(turn, kit);
    const outcome = await runUnderLease(kit, turn, held);
    if (outcome) kit.metrics.turnEnded(outcome, (performance.now() - began) / 1_000);
  } catch (error) {
    turn.begun.reject(error);
    kit.metrics.turnEnded('failed', (performance.now() - began) / 1_000);
    events.push({ name: 'error', data: tellFault(kit.log, turn, error) });
  } finally {
    await speech;
    events.end();
  }
}

/** Gives how it ended; undefined when it had run before. */
async function runUnderLease(kit: TurnKit, turn: RunningTurn, held: TurnLease): Promise<TurnOutcome | undefined> {
  const { events, session } = turn;
  const isNew = await begin(turn, held);
  turn.begun.resolve();
  const messagesFrom = session.conversation.current.messages.findIndex((message) => message.id === turn.id);
  const tellState = (): void => events.push({ name: 'state', data: kit.view(turn, messagesFrom) });
  tellState();
  const outcome = isNew ? await stoppable(turn, () => answer(kit, turn, held, tellState)) : undefined;
  const reply = session.conversation.current.messages.find(({ id }) => id === replyId(turn.id));
  if (!reply) throw new Error(`Turn ${turn.id} has no reply.`);
  tellState();
  events.push({ name: 'complete', data: { turnId: turn.id, message: messageView(reply) } });
  return outcome;
}

/** Runs `work`, which is stopped when another server was asked to stop the turn. */
async function stoppable<Outcome>(turn: RunningTurn, work: () => Promise<Outcome>): Promise<Outcome> {
  const unsubscribe = turn.session.conversation.subscribe(
    ({ openTurn }) => openTurn?.id === turn.id && openTurn.isStopped === true,
    (isStopped) => isStopped && turn.stop(),
  );
  return await work().finally(unsubscribe);
}

/**
 * Stores the guest's message; false when it was sent before: then it has a reply, or gets what is left of its turn as one. A turn that failed before
 * it had done anything has none, and runs again.
 */
async function begin({ session, id, text }: RunningTurn, { lease }: TurnLease): Promise<boolean> {
  const { value, replayed } = await session.change(
    ({ conversation }, tx) => {
      closeCutOff(conversation);
      if (conversation.messages.some((message) => message.id === id)) return false;
      conversation.messages.push({ id, role: 'user', text, emotion: null, tools: [], isCutOff: false, at: tx.now });
      conversation.openTurn = { id, startedAt: tx.now, tools: [] };
      return true;
    },
    { actor: 'guest', cause: id, lease, idempotency: { key: `turn/${id}`, input: text } },
  );
  if (!replayed) return value;
  const again = await session.change(
    ({ conversation }, tx) => {
      closeCutOff(conversation);
      if (conversation.messages.some((message) => message.id === replyId(id))) return false;
      conversation.openTurn = { id, startedAt: tx.now, tools: [] };
      return true;
    },
    { actor: 'maya', cause: id, lease },
  );
  return again.value;
}

/** The lease is ours, so a turn that is still open was cut off: what its tools did becomes its reply, and it is not run again. */
function closeCutOff(conversation: Conversation): void {
  if (!conversation.openTurn) return;
  conversation.messages.push(cutOffReply(conversation.openTurn));
  conversation.openTurn = null;
}

async function answer(kit: TurnKit, turn: RunningTurn, held: TurnLease, tellState: () => void): Promise<TurnOutcome> {
  const { lease } = held;
  const { events, session, id, stopped, abandoned } = turn;
  const tools: ToolRecord[] = [];
  let calls = 0;
  let [hasOrdered, isBlocked, isUnjudged] = [false, false, false];
  const context: TurnContext = {
    id,
    lease,
    nextCall: () => calls++,
    ordered: () => (hasOrdered = true),
  };
  const onRun = ({ name, answer: { status }, summary }: ToolRun): void => {
    tools.push({ name, status, summary });
    kit.metrics.toolCalled(name, status);
    events.push({ name: 'tool', data: { turnId: id, name, status, summary } });
    tellState();
  };
  const spoken = new SpokenReply({
    safety: kit.safety,
    onText: (delta) => events.push({ name: 'text', data: { turnId: id, delta } }),
    onUnjudged: () => (isUnjudged = true),
  });
  try {
    await withSession({ session, turn: context, maySpend: () => !isUnjudged }, async () => {
      if (stopped.aborted) return;
      const verdict = await kit.safety.judge(turn.text, 'input');
      isUnjudged = verdict === 'failed';
      isBlocked = verdict === 'injection' || verdict === 'toxicity';
      if (verdict === 'injection' || verdict === 'toxicity') return spoken.say(INSTEAD[verdict]);
      const { runs, questions, isCasual } = await orderStep(kit.bar, session, turn.text, onRun);
      const passages = isCasual ? await kit.retrieval.find(turn.text) : [];
      await kit.clients.useModel(session, async (model) => {
        const before = [...runs, ...questions];
        const pieces = modelStep({
          bar: kit.bar,
          model,
          session,
          before,
          passages,
          onRun,
          mayCall: () => spoken.settle(),
          limits: kit.modelLimits,
          signal: stopped,
        });
        for await (const piece of pieces) if (!(await spoken.push(piece))) break;
      });
      await spoken.end();
      if (spoken.text === '' && !stopped.aborted) spoken.say('Sorry, I lost my thread. What can I get you?');
    });
  } catch (error) {
    abandoned.throwIfAborted();
    if (!stopped.aborted) {
      await session.change(
        ({ conversation }) => {
          if (tools.length === 0) conversation.openTurn = null;
          else closeCutOff(conversation);
        },
        { actor: 'maya', cause: id, lease },
      );
      throw error;
    }
  }
  abandoned.throwIfAborted();
  const { text, emotion } = spoken;
  const reply: Omit<Message, 'at'> = { id: replyId(id), role: 'assistant', text, emotion, tools, isCutOff: stopped.aborted };
  const stored = session.change(
    ({ conversation }, tx) => {
      const asked = conversation.messages.find((message) => message.id === id);
      if (isBlocked && asked) asked.isBlocked = true;
      conversation.messages.push({ ...reply, at: tx.now });
      conversation.openTurn = null;
      countTurn(conversation, hasOrdered, kit.bar.reorderAfterTurns);
    },
    { actor: 'maya', cause: id, lease },
  );
  // Right behind it, and written together with it.
  await Promise.all([stored, held.release()]);
  if (isBlocked) return 'blocked';
  return stopped.aborted ? 'stopped' : 'answered';
}
