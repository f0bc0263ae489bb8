import { randomUUID } from 'node:crypto';
import { isHoldfastError, type CommitResult, type HeldLease, type StateHandle, type StateManager, type Transaction } from 'holdfast';
import type { FileStore } from 'holdfast/files';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { MethodTable } from '../../methods/method-table.ts';
import { fileProblem } from '../../state-files.ts';
import { WorkbenchError } from '../../workbench-error.ts';
import { isoTime } from '../../zoned-time.ts';
import { changeState } from '../change-state.ts';
import type { Daemon, EmitEvent, SelfCheck } from '../daemon.ts';
import { Refresher } from '../refresher.ts';
import { ServiceError } from '../service-error.ts';
import { begin, interrupt, nextIssue, takeOver } from './issue-changes.ts';
import type { IssueSource } from './issue-source.ts';
import { sprintMethods } from './sprint-methods.ts';
import { sprintState, type Sprint, type SprintDraft } from './sprint-state.ts';
import type { SprintWork } from './sprint-work.ts';
import { isWorkingTime } from './working-hours.ts';

const LOOK_EVERY_MS = 60_000;
const REFRESH_EVERY_MS = 900_000;
const STOPPED = 'The daemon was stopped while it was being worked on.';
const ABORTED = 'It was aborted.';
const LEFT =
  'It was in progress when the process that worked on it crashed. Look at what was done so far, then start it again or reject it.';

export interface SprintDaemonOptions {
  readonly state: StateManager;
  readonly store: Pick<FileStore, 'problems'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly emit: EmitEvent;
  /** By which this is the only sprint daemon. */
  readonly lease: () => HeldLease;
  /** Whose effect the state was opened with. Without it issues are listed and approved, and not worked on. */
  readonly work?: SprintWork;
  /** Without it the issues stay as they are. */
  readonly source?: IssueSource;
  /** Of the working hours. Default `America/New_York`. */
  readonly timeZone?: string;
}

/** Works on the approved issues of the sprint, one at a time: by itself within working hours, and whenever it is told to. */
export class SprintDaemon implements Daemon {
  readonly methods: MethodTable;
  readonly #options: SprintDaemonOptions;
  readonly #timeZone: string;
  readonly #refresher: Refresher | undefined;
  readonly #stopping = new AbortController();
  #sprint: StateHandle<Sprint> | undefined;
  #nextLook: Disposable | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: SprintDaemonOptions) {
    this.#options = options;
    this.#timeZone = options.timeZone ?? 'America/New_York';
    const { source, clock, log } = options;
    this.#refresher =
      source &&
      new Refresher({ name: source.name, clock, log, everyMs: REFRESH_EVERY_MS, refresh: (signal) => this.#takeOver(source, signal) });
    options.work?.refuseBy((run) => this.#refusal(run));
    this.methods = new MethodTable(sprintMethods(this));
  }

  async start(): Promise<void> {
    isWorkingTime(0, this.#timeZone);
    this.#sprint = await this.handle();
    await this.#recover();
    const { signal } = this.#stopping;
    this.#sprint.subscribe(statusesOf, (now, was) => this.#tell(now, was), { signal });
    this.#sprint.subscribe(workOf, ({ run }) => this.#runChanged(run), { signal });
    this.#refresher?.start();
    this.#lookIn(0);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#nextLook?.[Symbol.dispose]();
    await this.#refresher?.stop();
    await this.#looking;
    await this.#options.work?.endAllBut(null, STOPPED);
  }

  async check(): Promise<SelfCheck> {
    await this.handle();
    const problem = fileProblem(this.#options.store, sprintState.name);
    const sentences = [this.#refresher?.message ?? 'No source of issues is configured.'];
    if (!this.#options.work) sentences.push('No command that works on issues is configured.');
    if (this.#sprint?.current.enabled && !this.#isWorkingTime()) sentences.push(`It is outside of working hours in ${this.#timeZone}.`);
    if (problem) sentences.push(problem.message);
    return { checks: { file: !problem, ...(this.#refresher && { issues: this.#refresher.isWell }) }, message: sentences.join(' ') };
  }

  stats(): Readonly<Record<string, unknown>> {
    if (!this.#sprint) return {};
    const { stats, enabled, current_issue, issues } = this.#sprint.current;
    const statuses = Object.groupBy(Object.values(issues), ({ status }) => status);
    const counts = Object.fromEntries(Object.entries(statuses).map(([status, some]) => [status, some.length]));
    return { ...stats, enabled, current_issue, issues: counts, next_refresh: this.#refresher?.nextAt ?? null };
  }

  wokeUp(): void {
    this.#refresher?.soon();
    this.#lookIn(0);
  }

  handle(): Promise<StateHandle<Sprint>> {
    return this.#options.state.global().get(sprintState);
  }

  /** Changes the sprint; what the recipe throws comes out, with nothing changed. */
  change<R>(cause: string, recipe: (sprint: SprintDraft, tx: Transaction) => R): Promise<CommitResult<R>> {
    return changeState(this.#options, sprintState, { daemon: 'sprint', cause }, recipe);
  }

  /** Begins the work on an issue. @throws {WorkbenchError} NOT_FOUND, REFUSED. */
  async begin(key: string): Promise<void> {
    const { work } = this.#options;
    if (!work)
      throw new WorkbenchError('REFUSED', 'No command that works on issues is configured: name one in the configuration of the sprint.');
    const run = randomUUID();
    try {
      await this.change(`start ${key}`, (sprint, tx) => {
        const { summary } = begin(sprint, key, run, tx);
        tx.effect(work.effect, { key: run, input: { key, summary } });
      });
    } catch (error) {
      if (!isHoldfastError(error, 'EFFECT_UNKNOWN')) throw error;
      throw new WorkbenchError('REFUSED', 'The work on the issue before is still ending: try again in a moment.', { cause: error });
    }
  }

  /** Begins the work on the next approved issue; gives its key, or nothing where there is none. @throws {WorkbenchError} REFUSED. */
  async beginNext(): Promise<string | undefined> {
    const next = nextIssue((await this.handle()).current);
    if (next !== undefined) await this.begin(next);
    return next;
  }

  async setEnabled(enabled: boolean): Promise<void> {
    await this.change(enabled ? 'enable' : 'disable', (sprint, tx) => {
      if (sprint.enabled !== enabled) Object.assign(sprint, { enabled, updated_at: isoTime(tx.now) });
    });
    this.#lookIn(0);
  }

  /** Reads the source now. @throws {WorkbenchError} REFUSED without one, UNAVAILABLE when it cannot be read. */
  async refresh(): Promise<void> {
    if (!this.#refresher)
      throw new WorkbenchError('REFUSED', 'No source of issues is configured: name Jira or a file in the configuration of the sprint.');
    try {
      await this.#refresher.now();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new WorkbenchError('UNAVAILABLE', `${error.message} The issues stay as they are.`, { cause: error });
    }
  }

  async #takeOver(source: IssueSource, signal: AbortSignal): Promise<void> {
    const found = await source.read(signal);
    const { value: left } = await this.change(`refresh from ${source.name}`, (sprint, tx) => takeOver(sprint, found, tx));
    if (left > 0) this.#options.log.warn({ left }, `${left} issues of ${source.name} found no room in the sprint.`);
  }

  /** Finds an issue that a crash left in progress: no effect is under way for it. */
  async #recover(): Promise<void> {
    const { state, log } = this.#options;
    const { current_issue: key, issues } = (await this.handle()).current;
    const run = key === null ? undefined : issues[key]?.run;
    if (key === null || (await state.global().unsettledEffects()).some((effect) => effect.key === run)) return;
    await this.change('recover', (sprint, tx) => interrupt(sprint, key, LEFT, tx));
    log.warn({ key }, `${key} was left in progress by a crash; it is blocked now.`);
  }

  /** Work that was taken away from here, by an abort in whichever process, ends; and the next issue may begin. */
  #runChanged(run: string | null): void {
    const { work, log } = this.#options;
    const ended = work?.endAllBut(run, ABORTED) ?? Promise.resolve();
    ended.then(() => run === null && this.#lookIn(0)).catch((error: unknown) => log.error(error));
  }

  async #refusal(run: string): Promise<string | undefined> {
    if (this.#stopping.signal.aborted) return STOPPED;
    return runOf(await (await this.handle()).refresh()) === run ? undefined : ABORTED;
  }

  #lookIn(delayMs: number): void {
    if (!this.#sprint || this.#stopping.signal.aborted) return;
    this.#nextLook?.[Symbol.dispose]();
    this.#nextLook = this.#options.clock.after(delayMs, () => {
      this.#lookIn(LOOK_EVERY_MS);
      this.#looking = this.#looking.then(() => this.#look());
    });
  }

  /** Begins the next issue where that is wanted, allowed and possible now. */
  async #look(): Promise<void> {
    const { work, log } = this.#options;
    try {
      const sprint = this.#sprint?.current;
      if (this.#stopping.signal.aborted) return;
      if (sprint?.enabled && work && sprint.current_issue === null && this.#isWorkingTime()) await this.beginNext();
    } catch (error) {
      // Somebody else began one first, or the one before is still ending: looked at again later.
      if (!(error instanceof WorkbenchError)) log.error(error);
    }
  }

  #isWorkingTime(): boolean {
    return isWorkingTime(this.#options.clock.now(), this.#timeZone);
  }

  #tell(now: Statuses, was: Statuses): void {
    const at = isoTime(this.#options.clock.now());
    for (const [key, status] of Object.entries(now)) if (status !== was[key]) this.#options.emit('issue_changed', { key, status, at });
  }
}

type Statuses = Readonly<Record<string, string>>;

function statusesOf({ issues }: Sprint): Statuses {
  return Object.fromEntries(Object.entries(issues).map(([key, { status }]) => [key, status]));
}

/** The run that is wanted, and how many were completed or blocked: of one that is begun and aborted within a turn of the event loop a subscriber sees only the latter. */
function workOf(sprint: Sprint): { readonly run: string | null; readonly processed: number } {
  return { run: runOf(sprint), processed: sprint.stats.total_processed };
}

function runOf({ current_issue, issues }: Sprint): string | null {
  return current_issue === null ? null : (issues[current_issue]?.run ?? null);
}
