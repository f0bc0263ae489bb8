import { memo, type ReactNode } from 'react';
import type { MessageView } from '../../../server/http/contract.ts';
import { CopyButton } from './copy-button.tsx';
import { ToolNotes } from './tool-notes.tsx';

export interface MessageProps {
  readonly message: MessageView;
  /** It was to be spoken and could not be. */
  readonly isSilent: boolean;
}

/**
 * A message of either side; its text is shown as it is, line breaks kept. Drawn once: otherwise each word of a reply that comes in would draw a long
 * conversation anew.
 */
export const Message = memo(function Message({ message, isSilent }: MessageProps): ReactNode {
  const isMine = message.role === 'user';
  return (
    <li className="entry" data-role={message.role}>
      <ToolNotes tools={message.tools ?? []} />
      {(message.text !== '' || !message.isCutOff) && (
        <div className="said">
          <div className="bubble">
            <span className="visually-hidden">{isMine ? 'You said: ' : 'Maya said: '}</span>
            {message.text}
          </div>
          {!isMine && message.text !== '' && <CopyButton text={message.text} what="this message" />}
        </div>
      )}
      {isSilent && <p className="entry-note">Maya’s voice did not come through for this one.</p>}
      {message.isCutOff && <p className="entry-note">This reply was cut off. What had been done by then still stands.</p>}
    </li>
  );
});
