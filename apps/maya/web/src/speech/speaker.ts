import type { ChatEvents } from '../../../server/http/contract.ts';
import type { BrowserVoice } from './browser-voice.ts';
import { readWav } from './read-wav.ts';
import type { SoundPlayer } from './sound-player.ts';

export interface SpeakerOptions {
  readonly player: SoundPlayer;
  readonly browserVoice: BrowserVoice;
  /** Called when speech begins, and when all that was to be said is over. */
  readonly onSpeaking: (isSpeaking: boolean) => void;
  /** Called when a turn stays silent although it was to be spoken. */
  readonly onSilent: (turnId: string) => void;
}

export interface Speaker {
  /** Speaks the reply to this message as it comes. What Maya was saying before ends here: who talks is listened to. */
  readonly follow: (turnId: string) => void;
  readonly hearSentence: (sentence: ChatEvents['sentence']) => void;
  readonly hearAudio: (audio: ChatEvents['audio']) => void;
  /** Ends what is being said, and what is still to come of its reply. */
  readonly hush: () => void;
}

/** Puts a reply's sentences and sounds in order, one reply at a time. */
export function createSpeaker({ player, browserVoice, onSpeaking, onSilent }: SpeakerOptions): Speaker {
  let followed: string | null = null;
  let unfinished = 0;

  const begin = (): void => {
    unfinished += 1;
    if (unfinished === 1) onSpeaking(true);
  };
  const end = (): void => {
    unfinished -= 1;
    if (unfinished === 0) onSpeaking(false);
  };
  const hush = (): void => {
    followed = null;
    player.stop();
    browserVoice.stop();
    if (unfinished === 0) return;
    unfinished = 0;
    onSpeaking(false);
  };
  /** The rest of the reply stays silent; what is being said already is not cut off. */
  const giveUp = (turnId: string): void => {
    followed = null;
    onSilent(turnId);
  };

  return {
    follow: (turnId) => {
      hush();
      followed = turnId;
    },
    hearSentence: ({ turnId, spoken, voice }) => {
      if (turnId !== followed || voice !== 'browser') return;
      const onFailure = (): void => {
        end();
        if (followed === turnId) giveUp(turnId);
      };
      begin();
      if (!browserVoice.say(spoken, { onEnd: end, onFailure })) onFailure();
    },
    hearAudio: ({ turnId, wav }) => {
      if (turnId !== followed) return;
      const sound = wav === null ? null : readWav(bytesOf(wav));
      if (!sound) return giveUp(turnId);
      begin();
      if (player.play(sound, end)) return;
      end();
      giveUp(turnId);
    },
    hush,
  };
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
