import { setTimeout as sleep } from 'node:timers/promises';
import { defineEffect, EffectFailure, type EffectDefinition } from 'holdfast';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import { ServiceError } from '../service-error.ts';
import { isUnclear, wasRefused, wasSent } from './pending-changes.ts';
import { pendingState } from './pending-state.ts';
import type { SlackClient } from './slack-client.ts';
import { OutgoingMessage, SlackTs } from './slack-message.ts';

/** A request that was on its way when its process died has arrived after so long, or never will. */
const ARRIVES_WITHIN_MS = 60_000;
/** How far Slack's clock may be from this machine's. */
const CLOCKS_DIFFER_MS = 300_000;
/** When Slack says to wait, how often that is done before it is left for later. */
const MOST_WAITS = 3;
const LONGEST_WAIT_MS = 10_000;

const SendInput = z.strictObject({ ...OutgoingMessage.shape, /** Epoch ms. */ intendedAt: z.number() });
const SendOutput = z.strictObject({ ts: SlackTs });
export type SendEffect = EffectDefinition<z.infer<typeof SendInput>, z.infer<typeof SendOutput>>;

/**
 * Sending a message, once: what Slack is asked carries the effect's key, and when the answer is lost, Slack's history says by that key whether it was sent. It is sent
 * again only when it is not there although nothing can be on its way any more.
 */
export function sendEffect(client: SlackClient, clock: Clock): SendEffect {
  /** When this process asked first, by key: whoever sent it before was dead by then. */
  const askedSince = new Map<string, number>();
  return defineEffect({
    name: 'slackSend',
    input: SendInput,
    output: SendOutput,
    states: [pendingState],
    concurrent: true,
    retry: { firstMs: 2_000, maxMs: 60_000 },
    run: async ({ channel, text, thread_ts }, { key, signal }) => {
      for (let waits = 0; ; waits++) {
        try {
          askedSince.delete(key);
          return { ts: await client.send({ channel, text, thread_ts }, key) };
        } catch (error) {
          if (!(error instanceof ServiceError)) throw error;
          if (error.fault === 'unexpected') throw new EffectFailure(error.message);
          const { fault, retryAfterMs = LONGEST_WAIT_MS } = error;
          if (fault !== 'busy' || waits >= MOST_WAITS || retryAfterMs > LONGEST_WAIT_MS) throw error;
          await sleep(retryAfterMs, undefined, { signal });
        }
      }
    },
    reconcile: async ({ intendedAt, ...message }, { key }) => {
      const now = clock.now();
      const since = askedSince.get(key) ?? now;
      askedSince.set(key, since);
      const oldest = ((intendedAt - CLOCKS_DIFFER_MS) / 1_000).toFixed(6);
      const ts = await client.find(message, key, oldest);
      if (ts !== undefined) return { status: 'done', output: { ts } };
      if (now - since < ARRIVES_WITHIN_MS) return { status: 'unknown', error: 'It is not in the history, and may still arrive.' };
      return { status: 'absent' };
    },
    settle: ([pending], outcome, tx, { key }) => {
      if (outcome.status === 'done') wasSent(pending, key, outcome.output.ts, tx);
      else if (outcome.status === 'failed') wasRefused(pending, key, outcome.error);
      else isUnclear(pending, key, `Nobody knows whether it was sent, and that is being found out: ${outcome.error}`.slice(0, 1_000));
    },
  });
}
