import { randomUUID } from 'node:crypto';
import type { CommitResult, HeldLease, StateHandle, StateManager, Transaction } from 'holdfast';
import type { FileStore } from 'holdfast/files';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { MethodTable } from '../../methods/method-table.ts';
import { fileProblem } from '../../state-files.ts';
import { WorkbenchError } from '../../workbench-error.ts';
import { changeState } from '../change-state.ts';
import type { Daemon, EmitEvent, SelfCheck } from '../daemon.ts';
import { Refresher } from '../refresher.ts';
import { ServiceError } from '../service-error.ts';
import { purge } from './pending-changes.ts';
import { pendingState, type Pending, type PendingDraft } from './pending-state.ts';
import type { SendEffect } from './send-effect.ts';
import type { SlackClient } from './slack-client.ts';
import { SlackHistory } from './slack-history.ts';
import { slackMethods } from './slack-methods.ts';

const POLL_EVERY_MS = 60_000;
const PURGE_EVERY_MS = 3_600_000;
/** How far back a channel is read for the first time. */
const FIRST_LOOK_MS = 86_400_000;
/** Names that are asked for at a time. */
const MOST_NAMES = 20;

export interface SlackDaemonOptions {
  readonly state: StateManager;
  readonly store: Pick<FileStore, 'problems'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly emit: EmitEvent;
  /** By which this is the only Slack daemon. */
  readonly lease: () => HeldLease;
  /** With the effect by which it sends, which the state was opened with. Without it messages wait, and nothing is read. */
  readonly slack?: { readonly client: SlackClient; readonly send: SendEffect };
  /** Ids of channels that are read. */
  readonly channels: readonly string[];
  /** Path of `slack_state.db`. */
  readonly history: string;
}

/** Keeps what is said in channels, and sends what a person approved, each message once. */
export class SlackDaemon implements Daemon {
  readonly methods: MethodTable;
  readonly #options: SlackDaemonOptions;
  readonly #refresher: Refresher | undefined;
  readonly #stopping = new AbortController();
  #pending: StateHandle<Pending> | undefined;
  #history: SlackHistory | undefined;
  #nextPurge: Disposable | undefined;
  #sending: Promise<void> = Promise.resolve();
  /** Channels of which older messages were too many to be read. */
  readonly #gaps = new Set<string>();

  constructor(options: SlackDaemonOptions) {
    this.#options = options;
    const { slack, clock, log } = options;
    this.#refresher =
      slack && new Refresher({ name: 'Slack', clock, log, everyMs: POLL_EVERY_MS, refresh: (signal) => this.#poll(slack.client, signal) });
    this.methods = new MethodTable(slackMethods(this));
  }

  async start(): Promise<void> {
    this.#pending = await this.handle();
    const { signal } = this.#stopping;
    this.#pending.subscribe(toBeSent, () => void this.#send(), { signal });
    this.#pending.subscribe(statusesOf, (now, was) => this.#tell(now, was), { signal });
    await this.#send();
    await this.#purge();
    this.#refresher?.start();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#nextPurge?.[Symbol.dispose]();
    await this.#refresher?.stop();
    await this.#sending;
    this.#history?.[Symbol.dispose]();
    this.#history = undefined;
  }

  async check(): Promise<SelfCheck> {
    await this.handle();
    const problem = fileProblem(this.#options.store, pendingState.name);
    const sentences = [this.#refresher?.message ?? 'No token for Slack is configured: messages wait, and nothing is read.'];
    if (this.#options.channels.length === 0) sentences.push('No channels are configured.');
    for (const channel of this.#gaps)
      sentences.push(`Of ${channel} there were more messages at a time than are read: older ones are missing.`);
    let isKept = true;
    try {
      this.history();
    } catch (error) {
      isKept = false;
      sentences.push(error instanceof Error ? error.message : String(error));
    }
    if (problem) sentences.push(problem.message);
    const slack = this.#refresher && { slack: this.#refresher.isWell };
    return { checks: { file: !problem, ...slack, history: isKept }, message: sentences.join(' ') };
  }

  stats(): Readonly<Record<string, unknown>> {
    const statuses = Object.groupBy(Object.values(this.#pending?.current.messages ?? {}), ({ status }) => status);
    const pending = Object.fromEntries(Object.entries(statuses).map(([status, some]) => [status, some.length]));
    return { pending, ...this.#history?.counts(), next_poll: this.#refresher?.nextAt ?? null };
  }

  wokeUp(): void {
    this.#refresher?.soon();
  }

  handle(): Promise<StateHandle<Pending>> {
    return this.#options.state.global().get(pendingState);
  }

  /** Changes the messages that wait; what the recipe throws comes out, with nothing changed. */
  change<R>(cause: string, recipe: (pending: PendingDraft, tx: Transaction) => R): Promise<CommitResult<R>> {
    return changeState(this.#options, pendingState, { daemon: 'slack', cause }, recipe);
  }

  /** Opened when it is first needed, and tried again where that failed. @throws {WorkbenchError} UNAVAILABLE. */
  history(): SlackHistory {
    const { history: path, clock } = this.#options;
    this.#history ??= new SlackHistory({ path, clock });
    return this.#history;
  }

  /** Reads the channels now. @throws {WorkbenchError} REFUSED without a token, UNAVAILABLE when something could not be read. */
  async refresh(): Promise<void> {
    if (!this.#refresher) throw new WorkbenchError('REFUSED', 'No token for Slack is configured: name one in the configuration.');
    try {
      await this.#refresher.now();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new WorkbenchError('UNAVAILABLE', error.message, { cause: error });
    }
  }

  /** Intends to send what is approved, by whomever and wherever, one after the other. */
  #send(): Promise<void> {
    const { slack, log } = this.#options;
    const send = async (): Promise<void> => {
      const { current } = await this.handle();
      if (!slack || this.#stopping.signal.aborted || toBeSent(current).length === 0) return;
      await this.change('send', (pending, tx) => {
        for (const id of toBeSent(pending)) {
          const message = pending.messages[id];
          if (!message) continue;
          const { channel, text, thread_ts } = message;
          message.sending = randomUUID();
          tx.effect(slack.send, { key: message.sending, input: { channel, text, thread_ts, intendedAt: tx.now } });
        }
      });
    };
    this.#sending = this.#sending.then(send).catch((error: unknown) => log.error(error));
    return this.#sending;
  }

  async #purge(): Promise<void> {
    const { clock, log } = this.#options;
    await this.change('purge', (pending, tx) => purge(pending, tx.now)).catch((error: unknown) => log.error(error));
    if (!this.#stopping.signal.aborted) this.#nextPurge = clock.after(PURGE_EVERY_MS, () => void this.#purge());
  }

  /** A channel that Slack refuses keeps no other one from being read; when Slack itself is away, the rest is left for later. */
  async #poll(client: SlackClient, signal: AbortSignal): Promise<void> {
    // Again, where the store was away when it was approved.
    await this.#send();
    const history = this.history();
    await client.whoAmI();
    const refusals: string[] = [];
    for (const channel of this.#options.channels) {
      try {
        await this.#readChannel(client, history, channel);
      } catch (error) {
        if (!(error instanceof ServiceError) || error.fault !== 'unexpected') throw error;
        refusals.push(`${channel}: ${error.message}`);
      }
      signal.throwIfAborted();
    }
    for (const id of history.unknownUsers(MOST_NAMES)) history.rememberUser(id, await client.user(id));
    if (refusals.length > 0) throw new ServiceError('unexpected', refusals.join(' '));
  }

  async #readChannel(client: SlackClient, history: SlackHistory, channel: string): Promise<void> {
    const { clock, emit } = this.#options;
    const after = history.cursor(channel) ?? ((clock.now() - FIRST_LOOK_MS) / 1_000).toFixed(6);
    const { messages, isWhole } = await client.history(channel, after);
    if (!isWhole) this.#gaps.add(channel);
    const added = history.add(channel, messages, messages.at(-1)?.ts ?? after);
    if (added > 0) emit('messages_received', { channel, added });
  }

  #tell(now: Readonly<Record<string, string>>, was: Readonly<Record<string, string>>): void {
    for (const [id, status] of Object.entries(now)) if (status !== was[id]) this.#options.emit('message_changed', { id, status });
  }
}

function toBeSent({ messages }: Pending): readonly string[] {
  return Object.entries(messages)
    .filter(([, { status, sending }]) => status === 'approved' && sending === null)
    .map(([id]) => id);
}

function statusesOf({ messages }: Pending): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(messages).map(([id, { status }]) => [id, status]));
}
