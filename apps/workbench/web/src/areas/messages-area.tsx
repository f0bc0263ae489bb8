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

export interface MessagesAreaProps {
  readonly source: SourceView<readonly MessageView[]>;
  readonly hasShortcuts: boolean;
}

/** Slack messages whose answers wait for a person. */
export function MessagesArea({ source, hasShortcuts }: MessagesAreaProps): ReactNode {
  const { run } = useDoing();
  const onKey = (key: string, { id, status }: MessageView): boolean => {
    if (!hasShortcuts || status !== 'pending') return false;
    if (key === 'a') void run(actions.approveMessage(id), 'The answer is approved and will be sent.');
    else if (key === 'x') void run(actions.rejectMessage(id), 'The answer is rejected.');
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
          No message waits. Messages of the channels that config.json names under <code>slack</code> appear here while{' '}
          <code>holdfast-workbench start slack</code> runs.
        </p>
      }
    >
      {(messages) => (
        <RowList
          label="Messages"
          items={messages}
          idOf={({ id }) => id}
          renderRow={({ status, channel, from, text, at }) => (
            <>
              <Status of={status} />
              <span className="key">{channel}</span>
              <span className="row-text">
                <span className="row-who">{from}</span> {text}
              </span>
              <span className="row-when">
                <Moment at={at} otherwise="" />
              </span>
            </>
          )}
          renderActions={({ id, status, from }) => status === 'pending' && <MessageActions id={id} from={from} />}
          renderDetail={({ channel, from, text, reply }) => (
            <Facts
              facts={[
                ['Channel', channel],
                ['From', from],
                ['Message', text],
                ['Answer', reply ?? 'None is proposed yet.'],
              ]}
            />
          )}
          onKey={onKey}
        />
      )}
    </Panel>
  );
}

function MessageActions({ id, from }: { readonly id: string; readonly from: string }): ReactNode {
  const about = `the answer to ${from}`;
  return (
    <>
      <ActionButton call={actions.approveMessage(id)} done="The answer is approved and will be sent." about={about}>
        Approve
      </ActionButton>
      <ActionButton call={actions.rejectMessage(id)} done="The answer is rejected." about={about}>
        Reject
      </ActionButton>
      <ActionButton call={actions.skipMessage(id)} done="The message is skipped." about={about}>
        Skip
      </ActionButton>
    </>
  );
}
