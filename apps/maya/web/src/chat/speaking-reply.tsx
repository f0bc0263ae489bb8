import type { ReactNode } from 'react';
import { ToolNotes } from './tool-notes.tsx';
import type { ToolNote } from './turn.ts';

/** A reply that is still being spoken. Screen readers hear it once it is whole, not piece by piece. */
export function SpeakingReply({ text, tools }: { readonly text: string; readonly tools: readonly ToolNote[] }): ReactNode {
  return (
    <li className="entry" data-role="assistant" aria-live="off" aria-busy="true">
      <ToolNotes tools={tools} />
      <div className="said">
        <div className="bubble">
          <span className="visually-hidden">Maya: </span>
          {text === '' ? <span className="typing">typing…</span> : text}
        </div>
      </div>
    </li>
  );
}
