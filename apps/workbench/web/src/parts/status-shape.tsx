import type { ReactNode } from 'react';
import type { StatusSign } from '../../../client/status-signs.ts';

/** Drawn, because fonts differ in what they make of the signs. */
const DRAWN: Readonly<Record<StatusSign['shape'], ReactNode>> = {
  '●': <circle cx="6" cy="6" r="5" />,
  '▲': <path d="M6 .8 11.6 11H.4Z" />,
  '■': <rect x="1" y="1" width="10" height="10" />,
  '◆': <path d="M6 0 12 6 6 12 0 6Z" />,
  '○': <circle cx="6" cy="6" r="4.25" className="shape-line" />,
  '◐': (
    <>
      <circle cx="6" cy="6" r="4.25" className="shape-line" />
      <path d="M6 1.5v9a4.5 4.5 0 0 1 0-9Z" />
    </>
  ),
};

export function StatusShape({ shape }: Pick<StatusSign, 'shape'>): ReactNode {
  return (
    <svg className="status-shape" viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
      {DRAWN[shape]}
    </svg>
  );
}
