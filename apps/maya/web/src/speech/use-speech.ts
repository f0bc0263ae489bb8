import { useCallback, useEffect, useRef, useState, type Dispatch } from 'react';
import type { PageAction } from '../session/page-state.ts';
import { createBrowserVoice } from './browser-voice.ts';
import { createSoundPlayer } from './sound-player.ts';
import { createSpeaker, type Speaker } from './speaker.ts';
import { isSpeechWanted, rememberSpeech } from './speech-setting.ts';

export interface Speech extends Pick<Speaker, 'hearSentence' | 'hearAudio' | 'hush'> {
  readonly isOn: boolean;
  /** Something can be heard. */
  readonly isSpeaking: boolean;
  readonly turn: (isOn: boolean) => void;
  /** Gets ready to speak the reply to a message that is about to be sent; false when it is not to be spoken. */
  readonly follow: (turnId: string) => boolean;
}

/** Maya's voice in this page: off until the visitor turns it on, which is remembered. */
export function useSpeech(dispatch: Dispatch<PageAction>): Speech {
  const [isOn, setOn] = useState(isSpeechWanted);
  const [isSpeaking, setSpeaking] = useState(false);
  const wanted = useRef(isOn);
  const [player] = useState(createSoundPlayer);
  const [speaker] = useState(() =>
    createSpeaker({
      player,
      browserVoice: createBrowserVoice(),
      onSpeaking: setSpeaking,
      onSilent: (id) => dispatch({ type: 'turn-silent', id }),
    }),
  );

  useEffect(() => {
    // A browser goes on talking when its page is left.
    addEventListener('pagehide', speaker.hush);
    return () => {
      removeEventListener('pagehide', speaker.hush);
      speaker.hush();
    };
  }, [speaker]);

  return {
    ...speaker,
    isOn,
    isSpeaking,
    turn: useCallback(
      (on) => {
        wanted.current = on;
        setOn(on);
        rememberSpeech(on);
        if (on) player.unlock();
        else speaker.hush();
      },
      [player, speaker],
    ),
    follow: useCallback(
      (turnId) => {
        if (!wanted.current) return false;
        player.unlock();
        speaker.follow(turnId);
        return true;
      },
      [player, speaker],
    ),
  };
}
