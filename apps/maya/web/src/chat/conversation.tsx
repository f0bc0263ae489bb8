import { useEffect, type ReactNode } from 'react';
import { FailedTurn } from './failed-turn.tsx';
import { Message } from './message.tsx';
import { SpeakingReply } from './speaking-reply.tsx';
import type { TranscriptEntry } from './transcript.ts';
import type { Turn } from './turn.ts';
import { useStickToEnd } from './use-stick-to-end.ts';

export interface ConversationProps {
  readonly entries: readonly TranscriptEntry[];
  /** The message this page sent last: sending brings the reader back to the end. */
  readonly lastSent: string | undefined;
  /** Shown while there are no entries. */
  readonly emptyState: ReactNode;
  readonly onRetry: (turn: Turn) => void;
  readonly onDismiss: (turn: Turn) => void;
}

/** The list of messages, which follows its end until the reader scrolls up. */
export function Conversation({ entries, lastSent, emptyState, onRetry, onDismiss }: ConversationProps): ReactNode {
  const { scroller, content, isAtEnd, jumpToEnd } = useStickToEnd();
  useEffect(() => {
    if (lastSent !== undefined) jumpToEnd();
  }, [lastSent, jumpToEnd]);

  const backToEnd = (): void => {
    jumpToEnd();
    scroller.current?.focus(); // the button goes away
  };

  return (
    <div className="conversation">
      <div
        className="conversation-scroller"
        ref={scroller}
        role="log"
        aria-live="polite"
        aria-label="Conversation with Maya"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <ol ref={content}>
          {entries.map((entry) => {
            if (entry.kind === 'message') return <Message key={entry.key} message={entry.message} isSilent={entry.isSilent} />;
            if (entry.kind === 'reply') return <SpeakingReply key={entry.key} text={entry.text} tools={entry.tools} />;
            return <FailedTurn key={entry.key} turn={entry.turn} onRetry={onRetry} onDismiss={onDismiss} />;
          })}
        </ol>
      </div>
      {entries.length === 0 && emptyState}
      {!isAtEnd && (
        <button type="button" className="button jump-to-end" onClick={backToEnd}>
          Jump to latest
        </button>
      )}
    </div>
  );
}
