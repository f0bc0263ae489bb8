import type { ReactNode } from 'react';
import type { MessageView } from '../../../server/http/contract.ts';
import { ToolNotes } from './tool-notes.tsx';

/** A message of either side; its text is shown as it is, line breaks kept. */
export function Message({ message }: { readonly message: MessageView }): ReactNode {
  const isMine = message.role === 'user';
  return (
    <li className="entry" data-role={message.role}>
      <ToolNotes tools={message.tools ?? []} />
      {(message.text !== '' || !message.isCutOff) && (
        <div className="bubble">
          <span className="visually-hidden">{isMine ? 'You said: ' : 'Maya said: '}</span>
          {message.text}
        </div>
      )}
      {message.isCutOff && <p className="entry-note">This reply was cut off. What had been done by then still stands.</p>}
    </li>
  );
}
