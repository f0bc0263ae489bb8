import { setTimeout as sleep } from 'node:timers/promises';
import Cartesia, { APIConnectionError } from '@cartesia/cartesia-js';
import { providerFaultOf } from '../models/provider-fault.ts';
import type { Voice } from './voice.ts';

/** What the page plays: 32-bit floats, 24,000 a second. */
const FORMAT = { container: 'wav', encoding: 'pcm_f32le', sample_rate: 24_000 } as const;
/** The pauses between tries; so there are three. */
const PAUSES_MS = [1_000, 3_000] as const;
/** A try is given up after so long, its last byte included. */
const TIMEOUT_MS = 10_000;

export interface CartesiaVoiceOptions {
  /** Such as sonic-3.5. */
  readonly modelId: string;
  /** The id of a voice of Cartesia's. */
  readonly voiceId: string;
  /** Where the service is; without a slash at the end. */
  readonly baseUrl: string;
  /** Between tries. Default 1,000 and 3,000: three tries. */
  readonly pausesMs?: readonly number[];
  /** Of one try. Default 10,000. */
  readonly timeoutMs?: number;
}

/** Cartesia's voice for one key. Connection errors and time-outs are tried again, refusals are not. */
export function openCartesiaVoice(
  apiKey: string,
  { modelId, voiceId, baseUrl, pausesMs = PAUSES_MS, timeoutMs = TIMEOUT_MS }: CartesiaVoiceOptions,
): Voice {
  const client = new Cartesia({ apiKey, baseURL: baseUrl, maxRetries: 0, logLevel: 'off' });
  const closed = new AbortController();

  const speakOnce = async (transcript: string, ended: AbortSignal): Promise<Uint8Array> => {
    // The SDK's own limit ends with the headers, and the sound comes after them.
    const signal = AbortSignal.any([ended, AbortSignal.timeout(timeoutMs)]);
    try {
      const body = { model_id: modelId, voice: voiceId, transcript, output_format: FORMAT, language: 'en' } as const;
      const response = await client.tts.generate(body, { signal });
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      ended.throwIfAborted();
      throw signal.aborted ? signal.reason : error;
    }
  };

  return {
    speak: async (text, signal) => {
      const ended = AbortSignal.any([signal, closed.signal]);
      for (const pauseMs of pausesMs) {
        try {
          return await speakOnce(text, ended);
        } catch (error) {
          if (ended.aborted || !isConnectionError(error)) throw error;
        }
        await sleep(pauseMs, undefined, { signal: ended });
      }
      return await speakOnce(text, ended);
    },
    close: () => closed.abort(),
  };
}

function isConnectionError(error: unknown): boolean {
  return error instanceof APIConnectionError || providerFaultOf(error) === 'network';
}
