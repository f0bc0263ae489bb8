import { describe, expect, it } from 'vitest';
import { readWav } from '../../web/src/speech/read-wav.ts';
import { wavOf } from '../support/wav-of.ts';

const SAMPLES = Float32Array.of(0, 0.5, -0.5, 1);

describe('reading a WAV file', () => {
  it.each([true, false])('gives rate and samples; streamed: %s', (isStreamed) => {
    expect(readWav(wavOf(SAMPLES, 24_000, { isStreamed }))).toEqual({ sampleRate: 24_000, samples: SAMPLES });
  });

  it('reads from the middle of a buffer, at any place', () => {
    const wav = wavOf(SAMPLES, 24_000);
    const shifted = new Uint8Array(wav.length + 3);
    shifted.set(wav, 3);
    expect(readWav(shifted.subarray(3))?.samples).toEqual(SAMPLES);
  });

  it('passes over chunks that it does not know, also of odd length', () => {
    const wav = wavOf(SAMPLES, 24_000, { isStreamed: false });
    const note = Uint8Array.of(...new TextEncoder().encode('note'), 3, 0, 0, 0, 1, 2, 3, 0);
    expect(readWav(Uint8Array.of(...wav.subarray(0, 36), ...note, ...wav.subarray(36)))?.samples).toEqual(SAMPLES);
  });

  it('leaves out a sample that was cut off', () => {
    expect(readWav(wavOf(SAMPLES, 24_000).subarray(0, -2))?.samples).toEqual(SAMPLES.subarray(0, 3));
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['half a header', wavOf(SAMPLES, 24_000).subarray(0, 20)],
    ['no sound', wavOf(SAMPLES, 24_000).subarray(0, 36)],
    ['another file', new TextEncoder().encode('{"error_code":"refused","title":"a text that is long enough"}')],
    ['whole numbers', wavOf(SAMPLES, 24_000).fill(1, 20, 21)],
    ['two channels', wavOf(SAMPLES, 24_000).fill(2, 22, 23)],
    ['16 bits', wavOf(SAMPLES, 24_000).fill(16, 34, 35)],
  ])('gives null for %s', (_what, bytes) => {
    expect(readWav(bytes)).toBeNull();
  });
});
