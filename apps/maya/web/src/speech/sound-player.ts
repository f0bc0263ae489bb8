import type { Sound } from './read-wav.ts';

/** Plays sounds one after the other. */
export interface SoundPlayer {
  /** Makes playing possible; to be called while the visitor presses something, since a browser is silent before that. */
  readonly unlock: () => void;
  /** Plays the sound behind those that still play. False when it can't be played. */
  readonly play: (sound: Sound, onEnd: () => void) => boolean;
  /** Silences everything; `onEnd` of what was playing is not called. */
  readonly stop: () => void;
}

/** Through the Web Audio API. */
export function createSoundPlayer(): SoundPlayer {
  let context: AudioContext | undefined;
  let playing: AudioBufferSourceNode[] = [];
  /** When what plays will be over, by the context's clock. */
  let endsAt = 0;

  return {
    unlock: () => {
      if (!('AudioContext' in globalThis)) return;
      context ??= new AudioContext();
      void context.resume();
    },
    play: ({ samples, sampleRate }, onEnd) => {
      if (!context) return false;
      if (samples.length === 0) {
        onEnd();
        return true;
      }
      const buffer = context.createBuffer(1, samples.length, sampleRate);
      buffer.copyToChannel(samples, 0);
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(context.destination);
      source.addEventListener('ended', () => {
        if (!playing.includes(source)) return;
        playing = playing.filter((other) => other !== source);
        onEnd();
      });
      const startsAt = Math.max(endsAt, context.currentTime);
      source.start(startsAt);
      endsAt = startsAt + buffer.duration;
      playing.push(source);
      return true;
    },
    stop: () => {
      const stopped = playing;
      playing = [];
      endsAt = 0;
      for (const source of stopped) source.stop();
    },
  };
}
