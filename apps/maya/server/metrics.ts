import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { DiagnosticMessages } from 'holdfast';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export type TurnOutcome = 'answered' | 'stopped' | 'blocked' | 'failed';

export interface MetricsOptions {
  readonly countSessions: () => Promise<number>;
}

const SECONDS = { commit: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1], turn: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };

/** What Prometheus is told. No label holds anything of a guest. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #registers = { registers: [this.#registry] };
  readonly #turns = new Counter({ name: 'maya_turns_total', help: 'Turns that ended.', labelNames: ['outcome'], ...this.#registers });
  readonly #turnSeconds = new Histogram({
    name: 'maya_turn_seconds',
    help: 'From message to reply.',
    buckets: SECONDS.turn,
    ...this.#registers,
  });
  readonly #toolCalls = new Counter({
    name: 'maya_tool_calls_total',
    help: 'Tool calls of turns, and of clients of MCP.',
    labelNames: ['tool', 'status'],
    ...this.#registers,
  });
  readonly #payments = new Counter({
    name: 'maya_payments_total',
    help: 'Payments that were closed, by all processes of the store.',
    labelNames: ['outcome'],
    ...this.#registers,
  });
  readonly #sweeps = new Counter({
    name: 'maya_sweeps_total',
    help: 'Sweeps for expired sessions.',
    labelNames: ['outcome'],
    ...this.#registers,
  });
  readonly #swept = new Counter({ name: 'maya_swept_sessions_total', help: 'Expired sessions that were removed.', ...this.#registers });
  readonly #refused = new Counter({
    name: 'maya_refused_messages_total',
    help: 'Messages that came too fast, or to a full bar.',
    labelNames: ['because'],
    ...this.#registers,
  });
  readonly #commitSeconds = new Histogram({
    name: 'maya_commit_seconds',
    help: 'From the call to its answer.',
    labelNames: ['outcome'],
    buckets: SECONDS.commit,
    ...this.#registers,
  });
  readonly #hearCommit = (message: unknown): void => {
    const { outcome, durationMs } = message as DiagnosticMessages['holdfast:commit'];
    this.#commitSeconds.observe({ outcome }, durationMs / 1_000);
  };

  constructor({ countSessions }: MetricsOptions) {
    // Registers itself; collected when somebody asks.
    void new Gauge({
      name: 'maya_sessions',
      help: 'Sessions that are stored.',
      collect() {
        return countSessions().then((count) => this.set(count));
      },
      ...this.#registers,
    });
    subscribe('holdfast:commit', this.#hearCommit);
  }

  turnEnded(outcome: TurnOutcome, seconds: number): void {
    this.#turns.inc({ outcome });
    this.#turnSeconds.observe(seconds);
  }

  toolCalled(tool: string, status: 'ok' | 'error'): void {
    this.#toolCalls.inc({ tool, status });
  }

  paymentClosed(outcome: string): void {
    this.#payments.inc({ outcome });
  }

  swept(removed: number | 'failed'): void {
    this.#sweeps.inc({ outcome: removed === 'failed' ? 'failed' : 'done' });
    if (removed !== 'failed') this.#swept.inc(removed);
  }

  messageRefused(because: 'session' | 'all' | 'capacity'): void {
    this.#refused.inc({ because });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    unsubscribe('holdfast:commit', this.#hearCommit);
  }
}
