import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { MeetingsArea } from './areas/meetings-area.tsx';
import { MemoryArea } from './areas/memory-area.tsx';
import { FilesArea } from './areas/files-area.tsx';
import { JobsArea } from './areas/jobs-area.tsx';
import { MessagesArea } from './areas/messages-area.tsx';
import { NowArea } from './areas/now-area.tsx';
import { ServicesArea } from './areas/services-area.tsx';
import { SessionsArea } from './areas/sessions-area.tsx';
import { SprintArea } from './areas/sprint-area.tsx';
import type { OverviewView } from '../../client/views.ts';
import { refreshServer } from './live/call-server.ts';
import type { LiveOverview } from './live/live-overview.ts';
import { DoingContext, useNewDoing } from './live/use-doing.ts';
import { AreaNav } from './shell/area-nav.tsx';
import { AREAS, type AreaId } from './shell/areas.ts';
import { ConnectionBanner } from './shell/connection.tsx';
import { Header } from './shell/header.tsx';
import { Notices } from './shell/notices.tsx';
import { ShortcutsDialog } from './shell/shortcuts-dialog.tsx';
import { keepShortcutSetting, readShortcutSetting } from './shell/shortcut-setting.ts';
import { goTo, useArea } from './shell/use-area.ts';
import { useShortcuts, type Shortcuts } from './shell/use-shortcuts.ts';

export function App({ live }: { readonly live: LiveOverview }): ReactNode {
  const { overview, connection } = useSyncExternalStore(live.subscribe, live.getState);
  const doing = useNewDoing();
  const area = useArea();
  const heading = useRef<HTMLHeadingElement>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [hasShortcuts, setShortcuts] = useState(readShortcutSetting);
  const title = AREAS.find(({ id }) => id === area)?.title ?? '';

  // Who came by a link hears where they are; not at the first look.
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${title} – Workbench`;
    if (!isFirst.current) heading.current?.focus();
    isFirst.current = false;
  }, [title]);

  const { say } = doing;
  const refresh = useCallback(() => {
    refreshServer().then(
      () => say({ kind: 'done', text: 'Everything was read again.' }),
      (error: unknown) => say({ kind: 'problem', text: error instanceof Error ? error.message : String(error) }),
    );
  }, [say]);

  const shortcuts: Shortcuts = {
    ...Object.fromEntries(AREAS.map(({ id }, index) => [String(index + 1), () => goTo(id)])),
    '/': searchMemory,
    '?': () => setHelpOpen(true),
    r: refresh,
  };
  useShortcuts(shortcuts, hasShortcuts);

  const turnShortcuts = (isOn: boolean): void => {
    keepShortcutSetting(isOn);
    setShortcuts(isOn);
  };

  return (
    <DoingContext value={doing}>
      <div className="page">
        <Header
          overview={overview}
          connection={connection}
          onSkip={() => heading.current?.focus()}
          onRefresh={refresh}
          onHelp={() => setHelpOpen(true)}
        />
        <ConnectionBanner connection={connection} />
        <AreaNav current={area} overview={overview} />
        <main data-connection={connection}>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {overview ? <AreaContent area={area} overview={overview} hasShortcuts={hasShortcuts} /> : <p className="empty">Reading…</p>}
        </main>
        <Notices />
      </div>
      {isHelpOpen && <ShortcutsDialog isOn={hasShortcuts} onTurn={turnShortcuts} onClose={() => setHelpOpen(false)} />}
    </DoingContext>
  );
}

interface AreaContentProps {
  readonly area: AreaId;
  readonly overview: OverviewView;
  readonly hasShortcuts: boolean;
}

function AreaContent({ area, overview, hasShortcuts }: AreaContentProps): ReactNode {
  switch (area) {
    case 'now':
      return <NowArea overview={overview} />;
    case 'sprint':
      return <SprintArea source={overview.sprint} hasShortcuts={hasShortcuts} />;
    case 'messages':
      return <MessagesArea source={overview.messages} hasShortcuts={hasShortcuts} />;
    case 'meetings':
      return <MeetingsArea source={overview.meetings} />;
    case 'sessions':
      return <SessionsArea source={overview.sessions} />;
    case 'jobs':
      return <JobsArea source={overview.jobs} />;
    case 'services':
      return <ServicesArea services={overview.services} health={overview.health} />;
    case 'memory':
      return <MemoryArea />;
    case 'files':
      return <FilesArea source={overview.files} />;
  }
}

function searchMemory(): void {
  goTo('memory');
  // The area is there once the address has changed.
  setTimeout(() => document.querySelector<HTMLInputElement>('#memory-search')?.focus());
}
