import type { ReactNode } from 'react';
import { actions } from '../../../client/actions.ts';
import type { MessageView, SourceView } from '../../../client/views.ts';
import { useDoing } from '../live/use-doing.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { Panel } from '../parts/panel.tsx';
import { RowList } from '../parts/row-list.tsx';
import { Status } from '../parts/status.tsx';

const SENT = 'The message is approved and will be sent.';

export interface MessagesAreaProps {
  readonly source: SourceView<readonly MessageView[]>;
  readonly hasShortcuts: boolean;
}

/** Messages to Slack that wait for a person's word. */
export function MessagesArea({ source, hasShortcuts }: MessagesAreaProps): ReactNode {
  const { run } = useDoing();
  const onKey = (key: string, { id, status }: MessageView): boolean => {
    if (!hasShortcuts || status !== 'pending') return false;
    if (key === 'a') void run(actions.approveMessage(id), SENT);
    else if (key === 'x') void run(actions.rejectMessage(id), 'The message is rejected.');
    else if (key === 's') void run(actions.skipMessage(id), 'The message is skipped.');
    else return false;
    return true;
  };
  return (
    <Panel
      title="Slack"
      source={source}
      isEmpty={(messages) => messages.length === 0}
      empty={
        <p>
          No message waits. What agents propose to send to Slack appears here, and is sent when you approve it, while{' '}
          <code>holdfast-workbench start slack</code> runs.
        </p>
      }
    >
      {(messages) => (
        <RowList
          label="Messages"
          items={messages}
          idOf={({ id }) => id}
          renderRow={({ status, channel, text, at }) => (
            <>
              <Status of={status} />
              <span className="key">{channel}</span>
              <span className="row-text">{text}</span>
              <span className="row-when">
                <Moment at={at} />
              </span>
            </>
          )}
          renderActions={({ id, status, channel }) => status === 'pending' && <MessageActions id={id} channel={channel} />}
          renderDetail={({ text, isAnswer, reason, error }) => (
            <Facts
              facts={[
                [isAnswer ? 'Answer in a thread' : 'Message', text],
                ['Why', reason],
                ['What went wrong', error],
              ]}
            />
          )}
          onKey={onKey}
        />
      )}
    </Panel>
  );
}

function MessageActions({ id, channel }: { readonly id: string; readonly channel: string }): ReactNode {
  const about = `the message to ${channel}`;
  return (
    <>
      <ActionButton call={actions.approveMessage(id)} done={SENT} about={about}>
        Approve
      </ActionButton>
      <ActionButton call={actions.rejectMessage(id)} done="The message is rejected." about={about}>
        Reject
      </ActionButton>
      <ActionButton call={actions.skipMessage(id)} done="The message is skipped." about={about}>
        Skip
      </ActionButton>
    </>
  );
}
