import type { Conversation } from '../state/index.ts';

const PHASES = ['greeting', 'order_taking', 'small_talk', 'reorder_prompt'] as const;

export type Phase = (typeof PHASES)[number];

export function isPhase(phase: string): phase is Phase {
  return (PHASES as readonly string[]).includes(phase);
}

/**
 * Counts an answered turn and then decides the phase.
 * @param ordered something was added to the order in this turn
 * @param reorderAfterTurns from so many turns of small talk on, Maya asks whether it shall be another one
 */
export function countTurn(conversation: Conversation, ordered: boolean, reorderAfterTurns: number): void {
  const { phase } = conversation;
  conversation.turnCount += 1;
  if (phase === 'small_talk') conversation.smallTalkCount += 1;
  if (ordered) {
    conversation.lastOrderTurn = conversation.turnCount;
    conversation.smallTalkCount = 0;
  }
  conversation.phase = phaseAfter(phase, ordered, conversation.smallTalkCount >= reorderAfterTurns);
  if (phase === 'reorder_prompt') conversation.smallTalkCount = 0;
}

function phaseAfter(phase: string, ordered: boolean, hasTalkedLong: boolean): Phase {
  switch (phase) {
    case 'greeting':
      return 'order_taking';
    case 'order_taking':
      return ordered ? 'small_talk' : 'order_taking';
    case 'small_talk':
      return !ordered && hasTalkedLong ? 'reorder_prompt' : 'small_talk';
    default:
      return 'small_talk';
  }
}
