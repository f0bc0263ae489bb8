import { describe, expect, it } from 'vitest';
import { createSpeaker, type Speaker } from '../../web/src/speech/speaker.ts';
import { wavOf } from '../support/wav-of.ts';

const WAV = btoa(String.fromCharCode(...wavOf(Float32Array.of(0.5), 24_000)));

/** A speaker whose sounds and sentences end when the test says so, and what it told. */
function bench({ canPlay = true, canSay = true } = {}) {
  const told: string[] = [];
  const ends: (() => void)[] = [];
  const failures: (() => void)[] = [];
  const speaker = createSpeaker({
    player: {
      unlock: () => undefined,
      play: (_sound, onEnd) => {
        if (canPlay) told.push('plays');
        ends.push(onEnd);
        return canPlay;
      },
      stop: () => void ends.splice(0),
    },
    browserVoice: {
      say: (text, { onEnd, onFailure }) => {
        if (canSay) told.push(`says ${text}`);
        ends.push(onEnd);
        failures.push(onFailure);
        return canSay;
      },
      stop: () => void ends.splice(0),
    },
    onSpeaking: (isSpeaking) => void told.push(isSpeaking ? 'begins' : 'is over'),
    onSilent: (turnId) => void told.push(`silent ${turnId}`),
  });
  return { speaker, told, end: () => ends.shift()?.(), fail: () => failures.shift()?.() };
}

const sentence = (speaker: Speaker, turnId: string, spoken: string): void =>
  speaker.hearSentence({ turnId, index: 0, spoken, voice: 'browser' });
const audio = (speaker: Speaker, turnId: string, wav: string | null = WAV): void => speaker.hearAudio({ turnId, index: 0, wav });

describe('speaking a reply', () => {
  it('plays its sounds, and tells of the beginning and the end of all of them', () => {
    const { speaker, told, end } = bench();
    speaker.follow('one');
    audio(speaker, 'one');
    audio(speaker, 'one');
    end();
    expect(told).toEqual(['begins', 'plays', 'plays']);
    end();
    expect(told.at(-1)).toBe('is over');
  });

  it('says what the browser is to say, and leaves what Cartesia says to its sound', () => {
    const { speaker, told } = bench();
    speaker.follow('one');
    sentence(speaker, 'one', 'Hello.');
    speaker.hearSentence({ turnId: 'one', index: 1, spoken: 'Not this.', voice: 'cartesia' });
    expect(told).toEqual(['begins', 'says Hello.']);
  });

  it('ends with the next message, and what still comes of the old reply is not heard', () => {
    const { speaker, told } = bench();
    speaker.follow('one');
    audio(speaker, 'one');
    speaker.follow('two');
    audio(speaker, 'one');
    sentence(speaker, 'one', 'Late.');
    expect(told).toEqual(['begins', 'plays', 'is over']);
  });

  it('ends when it is hushed, and what still comes is not heard', () => {
    const { speaker, told } = bench();
    speaker.follow('one');
    sentence(speaker, 'one', 'Hello.');
    speaker.hush();
    sentence(speaker, 'one', 'Late.');
    expect(told).toEqual(['begins', 'says Hello.', 'is over']);
  });

  it('is marked silent once when a sound does not come, and the sounds before it play on', () => {
    const { speaker, told, end } = bench();
    speaker.follow('one');
    audio(speaker, 'one');
    audio(speaker, 'one', null);
    audio(speaker, 'one');
    end();
    expect(told).toEqual(['begins', 'plays', 'silent one', 'is over']);
  });

  it.each([
    ['what comes is no sound', () => bench(), (speaker: Speaker) => audio(speaker, 'one', 'bm9uZQ==')],
    ['nothing can be played', () => bench({ canPlay: false }), (speaker: Speaker) => audio(speaker, 'one')],
    ['the browser has no voice', () => bench({ canSay: false }), (speaker: Speaker) => sentence(speaker, 'one', 'Hello.')],
  ])('is marked silent when %s', (_why, open, hear) => {
    const { speaker, told } = open();
    speaker.follow('one');
    hear(speaker);
    hear(speaker);
    expect(told.filter((line) => line.startsWith('silent'))).toEqual(['silent one']);
  });

  it('is marked silent once when the browser fails in mid-reply', () => {
    const { speaker, told, fail } = bench();
    speaker.follow('one');
    sentence(speaker, 'one', 'Hello.');
    sentence(speaker, 'one', 'There.');
    fail();
    fail();
    expect(told).toEqual(['begins', 'says Hello.', 'says There.', 'silent one', 'is over']);
  });
});
