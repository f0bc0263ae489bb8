import { useEffect, useRef, type ReactNode } from 'react';
import type { OverviewView } from '../../../client/views.ts';
import { useRoving } from '../parts/roving.ts';
import { addressOf, AREAS, hasFailed, waitingIn, type AreaId } from './areas.ts';

export interface AreaNavProps {
  readonly current: AreaId;
  readonly overview: OverviewView | null;
}

/** The left column: all areas, with what waits in them and whether a source of theirs has failed. */
export function AreaNav({ current, overview }: AreaNavProps): ReactNode {
  const { container, place } = useRoving(AREAS.length);
  // On a phone they are a line that scrolls.
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector(`a[href="${addressOf(current)}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <nav ref={nav} className="areas" aria-label="Areas">
      <ul {...container}>
        {AREAS.map((area, index) => {
          const waiting = overview ? waitingIn(area.id, overview) : 0;
          return (
            <li key={area.id}>
              <a href={addressOf(area.id)} aria-current={area.id === current ? 'page' : undefined} {...place(index)}>
                <span>{area.title}</span>
                {waiting > 0 && (
                  <span className="count">
                    {waiting}
                    <span className="visually-hidden"> to look at</span>
                  </span>
                )}
                {overview && hasFailed(area, overview) && (
                  <span className="mark">
                    <span aria-hidden="true">■</span>
                    <span className="visually-hidden"> cannot be read</span>
                  </span>
                )}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
