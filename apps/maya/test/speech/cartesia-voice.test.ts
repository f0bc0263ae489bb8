import { APIConnectionError } from '@cartesia/cartesia-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCartesiaVoice, type CartesiaVoiceOptions } from '../../server/speech/cartesia-voice.ts';
import type { Voice } from '../../server/speech/voice.ts';
import { CartesiaStandIn } from '../support/cartesia-stand-in.ts';
import { CARTESIA_KEY } from '../support/bar-with-services.ts';
import { wavOf } from '../support/wav-of.ts';

let cartesia: CartesiaStandIn;

beforeEach(async () => {
  cartesia = await CartesiaStandIn.start();
});
afterEach(() => cartesia[Symbol.asyncDispose]());

const open = (options: Partial<CartesiaVoiceOptions> = {}, key = CARTESIA_KEY): Voice =>
  openCartesiaVoice(key, { modelId: 'sonic-test', voiceId: 'a-voice', baseUrl: cartesia.url, pausesMs: [1, 1], ...options });
const never = new AbortController().signal;

describe('a sentence said by Cartesia', () => {
  it('is asked for as WAV of 24 kHz in floats, by the configured voice and model', async () => {
    const wav = await open().speak('Hello there.', never);

    expect(cartesia.requests).toMatchObject([
      {
        key: CARTESIA_KEY,
        version: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) as string,
        body: {
          model_id: 'sonic-test',
          voice: 'a-voice',
          transcript: 'Hello there.',
          output_format: { container: 'wav', encoding: 'pcm_f32le', sample_rate: 24_000 },
        },
      },
    ]);
    expect(wav).toEqual(
      wavOf(
        Float32Array.from('Hello there.', (_letter, at) => Math.sin(at) / 4),
        24_000,
      ),
    );
  });

  it.each(['drop', 'cut', 'silence'] as const)('is tried three times when the connection fails: %s', async (how) => {
    cartesia.answerWith(how, how, 'speak');
    expect((await open({ timeoutMs: 200 }).speak('Hello.', never)).length).toBeGreaterThan(44);
    expect(cartesia.requests).toHaveLength(3);
  });

  it('is given up after the third try', async () => {
    cartesia.answerWith('drop', 'drop', 'drop', 'speak');
    await expect(open().speak('Hello.', never)).rejects.toBeInstanceOf(APIConnectionError);
    expect(cartesia.requests).toHaveLength(3);
  });

  it.each([401, 402, 429, 500] as const)('is not tried again after a refusal: %d', async (status) => {
    cartesia.answerWith(status, 'speak');
    await expect(open().speak('Hello.', never)).rejects.toMatchObject({ status });
    expect(cartesia.requests).toHaveLength(1);
  });

  it('waits one second and then three between tries unless told otherwise', async () => {
    cartesia.answerWith('drop');
    const startedAt = performance.now();
    await expect(
      openCartesiaVoice(CARTESIA_KEY, { modelId: 'm', voiceId: 'v', baseUrl: cartesia.url }).speak('Hello.', never),
    ).rejects.toBeInstanceOf(APIConnectionError);
    expect(performance.now() - startedAt).toBeGreaterThan(3_990);
    expect(cartesia.requests).toHaveLength(3);
  });

  it('ends with its signal, also between tries', async () => {
    cartesia.answerWith('drop');
    const ending = new AbortController();
    const said = open({ pausesMs: [60_000] }).speak('Hello.', ending.signal);
    await expect.poll(() => cartesia.requests.length).toBe(1);
    ending.abort();
    await expect(said).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('ends when the client is closed', async () => {
    cartesia.answerWith('silence');
    const voice = open();
    const said = voice.speak('Hello.', never);
    await expect.poll(() => cartesia.requests.length).toBe(1);
    voice.close();
    await expect(said).rejects.toMatchObject({ name: 'AbortError' });
    expect(cartesia.requests).toHaveLength(1);
  });
});
