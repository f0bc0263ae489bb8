import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { fileURLToPath } from 'node:url';
import type { LanguageModel } from 'ai';
import { StateManager, type KeyProvider, type Store } from 'holdfast';
import type { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Bar } from './bar.ts';
import { mayaApp } from './http/app.ts';
import type { MayaContext } from './http/maya-context.ts';
import { cartesiaKeyCheck, geminiKeyCheck } from './keys/key-checks.ts';
import { SessionKeys, type SessionKeysOptions } from './keys/session-keys.ts';
import { Capacity } from './limits/capacity.ts';
import { MessageLimits, type MessageLimitOptions } from './limits/message-limits.ts';
import { mcpServers } from './mcp/mcp-server.ts';
import { Metrics } from './metrics.ts';
import { loadMenu } from './menu/index.ts';
import { openGemini } from './models/gemini.ts';
import { HouseModel } from './models/house-model.ts';
import { SessionClients } from './models/session-clients.ts';
import { keylessModel } from './models/turn-model.ts';
import { paymentEffects } from './payments/payment-effects.ts';
import { rememberOrigin } from './payments/payment-origin.ts';
import { PaymentPolling } from './payments/payment-polling.ts';
import type { PaymentProvider } from './payments/payment-provider.ts';
import { PAYMENT_TIMES, type PaymentTimes } from './payments/payment-times.ts';
import type { StripeWebhook } from './payments/stripe-webhook.ts';
import { Retrieval, type Embed } from './retrieval/retrieval.ts';
import { Safety, type SafetyOptions } from './safety/safety.ts';
import { scanText, type Scanner } from './safety/scanner.ts';
import { Endings } from './session/endings.ts';
import { SessionFeed } from './session/session-feed.ts';
import { sessionView } from './session/session-view.ts';
import { SessionTokens } from './session/session-tokens.ts';
import { Sessions } from './session/sessions.ts';
import { DEFAULT_VOICE } from './speech/default-voice.ts';
import { openCartesiaVoice, type CartesiaVoiceOptions } from './speech/cartesia-voice.ts';
import { tabMatchesItems } from './state/index.ts';
import { MODEL_LIMITS, type ModelLimits } from './turn/model-step.ts';
import { Turns } from './turn/turns.ts';
import { DEFAULT_CONFIG, type UnderstandingConfig } from './understanding/index.ts';

export interface MayaOptions {
  readonly store: Store;
  /** Closed with the bar. */
  readonly provider: PaymentProvider;
  /** Reads what Stripe sends. Default: nothing is taken. */
  readonly webhook?: StripeWebhook;
  readonly log: Logger;
  /** What guests' keys are encrypted under. */
  readonly masterKeys: KeyProvider;
  /** Default: none. */
  readonly serverKeys?: SessionKeysOptions['serverKeys'];
  /** Whether a Gemini key is needed before the first turn. Default false. */
  readonly requiresKeys?: boolean;
  /** Default `gemini-3.5-flash`. */
  readonly geminiModel?: string;
  /** How Cartesia speaks, for guests with a key. Default: `DEFAULT_VOICE`. */
  readonly voice?: Omit<CartesiaVoiceOptions, 'baseUrl'>;
  /** Where the services are. Default: their own addresses. */
  readonly serviceUrls?: { readonly gemini?: string; readonly cartesia?: string };
  /** Who answers sessions without a key. Default: the house model. */
  readonly model?: LanguageModel;
  /** Thresholds and word lists of the understanding. Default, also for each that is left out: `DEFAULT_CONFIG`. */
  readonly understanding?: Partial<UnderstandingConfig>;
  /** Turns of small talk before Maya asks whether it shall be another one. Default 4. */
  readonly reorderAfterTurns?: number;
  /** How far a model may go in a turn. Default, also for each that is left out: `MODEL_LIMITS`. */
  readonly modelLimits?: Partial<ModelLimits>;
  /** Judges what is said. Default: the built-in heuristic. */
  readonly scanner?: Scanner;
  /** Default 0.5 each. */
  readonly scanThresholds?: SafetyOptions['thresholds'];
  /** Sessions at once. Default 1,000. */
  readonly maxSessions?: number;
  /** Default: 10 messages a minute and 5 in 10 s a session, 100 a minute in all. */
  readonly messageLimits?: Omit<MessageLimitOptions, 'clock'>;
  /** Markdown files of what the bar knows. Default: its own. */
  readonly knowledge?: string;
  /** Ranks what the bar knows by meaning besides words. Default: words alone. */
  readonly embed?: Embed;
  /** Default 3,600,000. */
  readonly sessionExpiresAfterMs?: number;
  /** Default 300,000. */
  readonly cleanupEveryMs?: number;
  /** Where guests reach the bar, for links that leave its page. Default: where they have asked. */
  readonly publicUrl?: string;
  /** Default: none but this machine's own names. */
  readonly allowedHosts?: readonly string[];
  /** Pause between the house model's words. Default 0. */
  readonly wordDelayMs?: number;
  /** How long `pay_bill` waits for a link. Default 3,000. */
  readonly linkWaitMs?: number;
  /** Default: `PAYMENT_TIMES`. */
  readonly paymentTimes?: Partial<PaymentTimes>;
  /** How long a turn whose process died keeps the session's next one waiting. Default 5,000. */
  readonly turnLeaseMs?: number;
  /** How long closing waits for turns under way. Default 10,000. */
  readonly drainMs?: number;
  /** Epoch ms. Default `Date.now`. */
  readonly clock?: () => number;
}

/** The bar, open. */
export interface Maya {
  readonly app: Hono;
  /** Makes a server for a client of MCP that does not come by HTTP. */
  readonly mcp: ReturnType<typeof mcpServers>;
  readonly state: StateManager;
  /** Ends open streams, lets turns and effects come to their end, closes store and provider. Twice is the same as once. */
  close(): Promise<void>;
}

const KNOWLEDGE = fileURLToPath(new URL('../bar', import.meta.url));
const GEMINI_URL = 'https://generativelanguage.googleapis.com/v1beta';
const CARTESIA_URL = 'https://api.cartesia.ai';
/** How long closing waits for clients in use, after the turns have ended. */
const CLIENT_GRACE_MS = 1_000;
/** Small, so that after a crash in mid-payment the outcome is soon looked for. */
const EFFECT_LEASE_MS = 5_000;
const EFFECT_SCAN_MS = 250;
/** How long closing waits for a provider that does not answer; what it did is found out after the next start. */
const EFFECT_GRACE_MS = 1_000;
/** Longer than the turns before a message take. */
const TURN_WAIT_MS = 120_000;

/** Opens the bar over a store. @throws {HoldfastError} NEWER_VERSION, CORRUPT_STATE, STORE_UNAVAILABLE: what is there stays as it is. */
export async function openMaya(options: MayaOptions): Promise<Maya> {
  const { store, provider, log, clock = Date.now, sessionExpiresAfterMs = 3_600_000, cleanupEveryMs = 300_000 } = options;
  const menu = loadMenu();
  const times = { ...PAYMENT_TIMES, ...options.paymentTimes };
  const understanding = { ...DEFAULT_CONFIG, ...options.understanding };
  const effects = paymentEffects({ provider, times, clock, remember: (key, origin) => rememberOrigin(state, key, origin) });
  const state: StateManager = await StateManager.open({
    store,
    effects: Object.values(effects),
    invariants: [tabMatchesItems],
    keys: options.masterKeys,
    effectLeaseMs: EFFECT_LEASE_MS,
    effectScanEveryMs: EFFECT_SCAN_MS,
    closeGraceMs: EFFECT_GRACE_MS,
    // The cleanup below sweeps: it must know which sessions have ended.
    sweepEveryMs: 0,
    clock,
  });
  const engineError = (message: unknown): void => log.error({ err: (message as { error: unknown }).error }, 'the engine reports an error');
  subscribe('holdfast:error', engineError);

  const retrieval = new Retrieval({ directory: options.knowledge ?? KNOWLEDGE, log, ...(options.embed && { embed: options.embed }) });
  const polling = new PaymentPolling(times, log);
  const bar: Bar = {
    ...{ menu, understanding, reorderAfterTurns: options.reorderAfterTurns ?? 4 },
    ...{ state, provider, effects, polling, times, linkWaitMs: options.linkWaitMs ?? 3_000, now: clock },
  };
  const { gemini: geminiUrl = GEMINI_URL, cartesia: cartesiaUrl = CARTESIA_URL } = options.serviceUrls ?? {};
  const keys = new SessionKeys({
    checks: { gemini: geminiKeyCheck({ baseUrl: geminiUrl }), cartesia: cartesiaKeyCheck({ baseUrl: cartesiaUrl }) },
    serverKeys: options.serverKeys ?? {},
    isRequired: options.requiresKeys ?? false,
    log,
  });
  const clients = new SessionClients({
    keys,
    openModel: (apiKey) => openGemini(apiKey, { modelId: options.geminiModel ?? 'gemini-3.5-flash', baseUrl: geminiUrl }),
    house: keylessModel(options.model ?? new HouseModel({ menu, understanding, wordDelayMs: options.wordDelayMs ?? 0 })),
    openVoice: (apiKey) => openCartesiaVoice(apiKey, { ...(options.voice ?? DEFAULT_VOICE), baseUrl: cartesiaUrl }),
    log,
  });
  const sessions = new Sessions({ state, tokens: await SessionTokens.open(state), expiresAfterMs: sessionExpiresAfterMs, clock });
  const endings = new Endings();
  const limits = new MessageLimits({ ...(options.messageLimits ?? { perSession: 10, burst: 5, inAll: 100 }), clock });
  const capacity = new Capacity({ state, maxSessions: options.maxSessions ?? 1_000, sweep: () => runSweep(), clock });
  const metrics = new Metrics({ countSessions: () => capacity.count() });
  const feed = new SessionFeed({
    state,
    log,
    onDeleted: (id, cause) => {
      endings.tell(id, cause === 'reset' ? 'reset' : 'expired');
      clients.end(id);
    },
    onPaymentClosed: (outcome) => metrics.paymentClosed(outcome),
  });
  const followed = feed.follow();
  const runSweep = (): Promise<void> => sweep({ sessions, metrics, log });
  const safety = new Safety({
    scanner: options.scanner ?? scanText,
    thresholds: options.scanThresholds ?? { injection: 0.5, toxicity: 0.5 },
    log,
  });
  const turns = new Turns({
    bar,
    clients,
    retrieval,
    metrics,
    safety,
    log,
    modelLimits: { ...MODEL_LIMITS, ...options.modelLimits },
    leaseTtlMs: options.turnLeaseMs ?? 5_000,
    leaseWaitMs: TURN_WAIT_MS,
    view: (session, moment) => sessionView(session, { provider: provider.name, keys: keys.view(session), ...moment }),
  });

  const cleanup = setInterval(() => void runSweep(), cleanupEveryMs);
  cleanup.unref();

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    clearInterval(cleanup);
    polling.close();
    await turns.drain(options.drainMs ?? 10_000);
    endings.close();
    feed.close();
    await followed;
    await clients.close(CLIENT_GRACE_MS);
    await retrieval.close();
    metrics.close();
    await state.close();
    await provider.close();
    unsubscribe('holdfast:error', engineError);
  };
  const context: MayaContext = {
    bar,
    sessions,
    turns,
    endings,
    keys,
    clients,
    limits,
    capacity,
    metrics,
    safety,
    log,
    publicUrl: options.publicUrl,
  };
  const app = mayaApp(context, {
    allowedHosts: options.allowedHosts ?? [],
    isClosing: () => closing !== undefined,
    ...(options.webhook && { webhook: options.webhook }),
  });
  return { app, mcp: mcpServers(context), state, close: () => (closing ??= close()) };
}

async function sweep({ sessions, metrics, log }: Pick<MayaContext, 'sessions' | 'metrics' | 'log'>): Promise<void> {
  try {
    const removed = await sessions.sweep();
    metrics.swept(removed.length);
    if (removed.length > 0)
      log.info({ removed: removed.length, sessions: removed.map((id) => id.slice(0, 6)) }, 'expired sessions removed');
  } catch (error) {
    metrics.swept('failed');
    log.error({ err: error }, 'expired sessions could not be removed');
  }
}
