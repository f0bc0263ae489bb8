import type { ReactNode } from 'react';

export interface SpeechButtonProps {
  readonly isOn: boolean;
  readonly onTurn: (isOn: boolean) => void;
}

/** Turns Maya's voice on and off. */
export function SpeechButton({ isOn, onTurn }: SpeechButtonProps): ReactNode {
  return (
    <button
      type="button"
      className="button button-quiet speech-button"
      aria-pressed={isOn}
      title={isOn ? 'Maya speaks her replies' : 'Maya only writes'}
      onClick={() => onTurn(!isOn)}
    >
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
        <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5Z" fill="currentColor" />
        {isOn ? (
          <path d="M15 9.2a4 4 0 0 1 0 5.6M17.6 6.6a7.6 7.6 0 0 1 0 10.8" className="speech-waves" />
        ) : (
          <path d="m15.5 9.5 5 5m0-5-5 5" className="speech-waves" />
        )}
      </svg>
      Voice
    </button>
  );
}
