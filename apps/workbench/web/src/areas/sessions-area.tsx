import { useState, type ReactNode } from 'react';
import { actions } from '../../../client/actions.ts';
import type { SessionsView, SessionView, SourceView, WorkspaceView } from '../../../client/views.ts';
import { useDoing } from '../live/use-doing.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { Panel } from '../parts/panel.tsx';
import { RowList } from '../parts/row-list.tsx';
import { Sign } from '../parts/status.tsx';

/** Chat sessions by workspace, what was done in them, and which one is active. */
export function SessionsArea({ source }: { readonly source: SourceView<SessionsView> }): ReactNode {
  return (
    <Panel
      title="Chat sessions"
      source={source}
      isEmpty={({ workspaces }) => workspaces.every(({ sessions }) => sessions.length === 0)}
      empty={
        <p>
          No session yet. A chat begins one with the tool <code>session_start</code> of <code>holdfast-workbench mcp</code>, and chats of
          Cursor come by a sync.
        </p>
      }
      aside={
        <ActionButton call={actions.syncSessions()} done="The chats of Cursor were read.">
          Sync with Cursor
        </ActionButton>
      }
    >
      {({ workspaces, activeWorkspace }) => (
        <>
          {workspaces
            .filter(({ sessions }) => sessions.length > 0)
            .map((workspace) => (
              <WorkspaceSessions key={workspace.uri} workspace={workspace} isActive={workspace.uri === activeWorkspace} />
            ))}
        </>
      )}
    </Panel>
  );
}

function WorkspaceSessions({ workspace, isActive }: { readonly workspace: WorkspaceView; readonly isActive: boolean }): ReactNode {
  const title = workspace.project ?? workspace.uri;
  return (
    <div className="group">
      <h3 className="group-title">
        <span className="text">{title}</span>
        {isActive && <span className="tag">active workspace</span>}
        {workspace.project !== null && <span className="muted cut">{workspace.uri}</span>}
      </h3>
      <RowList
        label={`Sessions of ${title}`}
        items={workspace.sessions}
        idOf={({ id }) => id}
        renderRow={(session) => <SessionRow session={session} />}
        renderActions={(session) =>
          !session.isActive && (
            <ActionButton
              call={actions.switchSession(session.id)}
              done={`${nameOf(session)} is the active session.`}
              about={nameOf(session)}
            >
              Make active
            </ActionButton>
          )
        }
        renderDetail={(session) => <SessionDetail session={session} />}
      />
    </div>
  );
}

function SessionRow({ session }: { readonly session: SessionView }): ReactNode {
  return (
    <>
      <SessionSign session={session} />
      <span className="row-text">{nameOf(session)}</span>
      {session.persona !== null && <span className="tag">{session.persona}</span>}
      {session.issueKeys[0] !== undefined && <span className="key">{session.issueKeys[0]}</span>}
      <span className="row-when">
        <Moment at={session.updatedAt} />
      </span>
    </>
  );
}

function SessionSign({ session: { isActive, isStale } }: { readonly session: SessionView }): ReactNode {
  if (isActive) return <Sign shape="●" tone="good" word="active" />;
  return <Sign shape="○" tone="idle" word={isStale ? 'idle for long' : 'open'} />;
}

function SessionDetail({ session }: { readonly session: SessionView }): ReactNode {
  const { run, isRunning } = useDoing();
  const [context, setContext] = useState<string | null>(null);
  const call = actions.exportSession(session.id);
  const show = async (): Promise<void> => {
    const found = await run(call, '');
    if (found !== undefined) setContext((found as { readonly markdown: string }).markdown);
  };
  return (
    <>
      <Facts
        facts={[
          ['Session', <code key="id">{session.id}</code>],
          ['Persona', session.persona],
          ['Project', session.project],
          ['Issues', session.issueKeys.join(', ')],
          ['Branch', session.branch],
          ['Calls of tools', String(session.toolCallCount)],
          ['Comes from', session.isCursorChat ? 'a chat of Cursor' : null],
        ]}
      />
      <h4>Log</h4>
      {session.activity.length === 0 ? (
        <p className="muted">No tool was called yet.</p>
      ) : (
        <ol className="trace">
          {session.activity.map(({ at, tool }, index) => (
            <li key={session.activity.length - index}>
              <Moment at={at} />
              <code>{tool}</code>
            </li>
          ))}
        </ol>
      )}
      <p>
        <button type="button" className="button" aria-busy={isRunning(call)} onClick={() => void show()}>
          Show what it knows
        </button>
      </p>
      {context !== null && <pre className="document">{context}</pre>}
    </>
  );
}

function nameOf({ name, id }: SessionView): string {
  return name ?? `Session ${id.slice(0, 8)}`;
}
