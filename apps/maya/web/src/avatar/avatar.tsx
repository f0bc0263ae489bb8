import type { ReactNode } from 'react';
import type { Emotion } from '../../../server/http/contract.ts';
import { Backdrop } from './backdrop.tsx';
import { Figure } from './figure.tsx';

const LOOKS: Readonly<Record<Emotion, string>> = {
  neutral: 'Maya is at the bar',
  happy: 'Maya is happy',
  flustered: 'Maya is flustered',
  thinking: 'Maya is thinking',
  mixing: 'Maya is mixing a drink',
  upset: 'Maya is upset',
};

export interface AvatarProps {
  readonly mood: Emotion;
  /** Her voice can be heard. */
  readonly isSpeaking: boolean;
}

/** Maya behind her bar, as she feels. */
export function Avatar({ mood, isSpeaking }: AvatarProps): ReactNode {
  return (
    <div className="avatar" data-speaking={isSpeaking}>
      <p className="visually-hidden">{LOOKS[mood]}</p>
      <Backdrop />
      <Figure mood={mood} />
    </div>
  );
}
