import { describe, expect, it } from 'vitest';
import type { SessionAnswer } from '../../server/http/contract.ts';
import { createLiveConnection, retryDelayMs, type LiveConnection } from '../../web/src/session/live-connection.ts';
import type { LiveListener } from '../../web/src/session/open-events.ts';
import { emptySession } from '../support/views.ts';

interface Bench {
  readonly connection: LiveConnection;
  /** What the page was told, in order. */
  readonly told: string[];
  /** Answers the question for the session that was asked last. */
  readonly answer: (answer: SessionAnswer | Error) => Promise<void>;
  /** The live streams that were opened, and whether each is open still. */
  readonly streams: { readonly listener: LiveListener; isOpen: boolean }[];
  /** Runs the retry that is waiting; gives its delay. */
  readonly passTime: () => number;
}

function bench(): Bench {
  const told: string[] = [];
  const streams: Bench['streams'] = [];
  let question: PromiseWithResolvers<SessionAnswer> | undefined;
  let timer: { readonly run: () => void; readonly delayMs: number } | undefined;
  const connection = createLiveConnection({
    loadSession: () => (question = Promise.withResolvers<SessionAnswer>()).promise,
    openEvents: (listener) => {
      const stream = { listener, isOpen: true };
      streams.push(stream);
      return () => (stream.isOpen = false);
    },
    onAction: ({ type }) => told.push(type),
    setTimer: (run, delayMs) => {
      timer = { run, delayMs };
      return () => (timer = undefined);
    },
    random: () => 1,
  });
  return {
    connection,
    told,
    streams,
    answer: async (answer) => {
      if (answer instanceof Error) question!.reject(answer);
      else question!.resolve(answer);
      await question!.promise.catch(() => undefined);
    },
    passTime: () => {
      const { run, delayMs } = timer!;
      run();
      return delayMs;
    },
  };
}

const SESSION: SessionAnswer = { session: emptySession, keys: emptySession.keys };
const NONE: SessionAnswer = { session: null, keys: emptySession.keys };

describe('the line to the server', () => {
  it('opens no live stream while there is no session', async () => {
    const { connection, answer, streams, told } = bench();
    connection.start();
    await answer(NONE);
    expect(told).toEqual(['loaded']);
    expect(streams).toEqual([]);
  });

  it('follows a session that is there', async () => {
    const { connection, answer, streams, told } = bench();
    connection.start();
    await answer(SESSION);
    streams[0]!.listener.onState(emptySession);
    expect(told).toEqual(['loaded', 'connected', 'viewed']);
  });

  it('follows a new session once, and does not listen to an earlier "there is none"', async () => {
    const { connection, answer, streams, told } = bench();
    connection.start();
    connection.follow();
    connection.follow();
    await answer(NONE);
    expect(told).toEqual([]);
    expect(streams.map(({ isOpen }) => isOpen)).toEqual([true]);
  });

  it('comes back after a loss with a whole view first', async () => {
    const { connection, answer, streams, told, passTime } = bench();
    connection.start();
    await answer(SESSION);
    streams[0]!.listener.onLost();
    expect(told).toEqual(['loaded', 'disconnected']);
    passTime();
    await answer(SESSION);
    expect(told).toEqual(['loaded', 'disconnected', 'loaded']);
    expect(streams.map(({ isOpen }) => isOpen)).toEqual([false, true]);
  });

  it('waits longer with every failure, until a view has come through', async () => {
    const { connection, answer, streams, passTime } = bench();
    connection.start();
    await answer(new Error('down'));
    expect(passTime()).toBe(500);
    await answer(SESSION);
    streams[0]!.listener.onLost(); // the session could be asked for, but not followed
    expect(passTime()).toBe(1000);
    await answer(SESSION);
    streams[1]!.listener.onState(emptySession);
    streams[1]!.listener.onLost();
    expect(passTime()).toBe(500);
  });

  it('takes a shutdown for a loss, and after any other end asks for the session that may have come', async () => {
    const { connection, answer, streams, told, passTime } = bench();
    connection.start();
    await answer(SESSION);
    streams[0]!.listener.onEnded({ reason: 'shutdown' });
    expect(told).toEqual(['loaded', 'ended', 'disconnected']);
    passTime();
    await answer(SESSION);
    streams[1]!.listener.onEnded({ reason: 'reset' });
    await answer(NONE);
    expect(told.slice(3)).toEqual(['loaded', 'ended', 'loaded']);
    expect(streams.some(({ isOpen }) => isOpen)).toBe(false);
  });

  it('says nothing more once stopped', async () => {
    const { connection, answer, told } = bench();
    connection.start();
    connection.stop();
    await answer(SESSION);
    expect(told).toEqual([]);
  });

  it('spreads the retries over half of a delay that doubles up to ten seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 20].map((retries) => retryDelayMs(retries, 1))).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    expect([0, 5].map((retries) => retryDelayMs(retries, 0))).toEqual([250, 5000]);
  });
});
