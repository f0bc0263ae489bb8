import type { ReactNode } from 'react';
import { signOf, type StatusSign } from '../../../client/status-signs.ts';
import { StatusShape } from './status-shape.tsx';

/** A status by shape, word and colour. */
export function Status({ of }: { readonly of: string }): ReactNode {
  return <Sign {...signOf(of)} />;
}

export function Sign({ shape, tone, word }: StatusSign): ReactNode {
  return (
    <span className="status" data-tone={tone}>
      <StatusShape shape={shape} />
      {word}
    </span>
  );
}
