import type { CommitResult, HeldLease, StateHandle, StateManager } from 'holdfast';
import type { FileStore } from 'holdfast/files';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { MethodTable } from '../../methods/method-table.ts';
import { fileProblem } from '../../state-files.ts';
import type { Toggles } from '../../toggles/toggles.ts';
import { transcriptMethods } from '../../transcripts/transcript-methods.ts';
import { Transcripts } from '../../transcripts/transcripts.ts';
import { WorkbenchError } from '../../workbench-error.ts';
import { isoTime } from '../../zoned-time.ts';
import { changeState } from '../change-state.ts';
import type { Daemon, EmitEvent, SelfCheck } from '../daemon.ts';
import { Refresher } from '../refresher.ts';
import type { Calendar, CalendarEvent, MeetingMode } from './calendar.ts';
import { meetMethods } from './meet-methods.ts';
import { meetState, type Meet, type MeetDraft } from './meet-state.ts';
import type { MeetingBot } from './meeting-bot.ts';
import { eventOf, meetingsAt, type ListedEvent } from './meetings.ts';

const LOOK_EVERY_MS = 30_000;
const REFRESH_EVERY_MS = 300_000;
/** So far ahead is looked. */
const AHEAD_MS = 7 * 86_400_000;
/** Choices that are kept; the oldest go first. */
const MOST_MODES = 500;

export interface MeetDaemonOptions {
  readonly state: StateManager;
  readonly store: Pick<FileStore, 'problems'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly emit: EmitEvent;
  /** By which this is the only meeting daemon. */
  readonly lease: () => HeldLease;
  readonly toggles: Pick<Toggles, 'getMeetingOverride' | 'setMeetingOverride' | 'clearMeetingOverride'>;
  /** With different names. */
  readonly calendars: readonly Calendar[];
  /** Path of `meetings.db`. */
  readonly transcripts: string;
  /** What joins meetings. Without it they are only shown. */
  readonly bot?: MeetingBot;
}

/** Knows which meetings are on and come next, and keeps what was said in them. */
export class MeetDaemon implements Daemon {
  readonly methods: MethodTable;
  readonly #options: MeetDaemonOptions;
  readonly #refreshers: readonly Refresher[];
  /** What each calendar said last, by its name. */
  readonly #events = new Map<string, readonly CalendarEvent[]>();
  readonly #stopping = new AbortController();
  #next: Disposable | undefined;
  #looking: Promise<void> = Promise.resolve();
  #meet: StateHandle<Meet> | undefined;
  #transcripts: Transcripts | undefined;

  constructor(options: MeetDaemonOptions) {
    this.#options = options;
    const { calendars, clock, log } = options;
    if (new Set(calendars.map(({ name }) => name)).size < calendars.length) throw new TypeError('Two calendars have the same name.');
    this.#refreshers = calendars.map((calendar) => {
      const refresh = (signal: AbortSignal): Promise<void> => this.#read(calendar, signal);
      return new Refresher({ name: `The calendar ${calendar.name}`, clock, log, everyMs: REFRESH_EVERY_MS, refresh });
    });
    this.methods = new MethodTable([...meetMethods(this), ...transcriptMethods(() => this.#open())]);
  }

  async start(): Promise<void> {
    this.#meet = await this.handle();
    const { currentMeetings, upcomingMeetings } = this.#meet.current;
    // Shown until their calendars are read: one that is away must not look empty.
    for (const meeting of [...currentMeetings, ...upcomingMeetings])
      this.#events.set(meeting.calendar, [...(this.#events.get(meeting.calendar) ?? []), eventOf(meeting)]);
    await this.#say(true);
    await this.look();
    for (const refresher of this.#refreshers) refresher.start();
    this.#wait();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#next?.[Symbol.dispose]();
    await Promise.all(this.#refreshers.map((refresher) => refresher.stop()));
    await this.#looking;
    if (this.#meet) await this.#say(false);
    this.#transcripts?.[Symbol.dispose]();
    this.#transcripts = undefined;
  }

  async check(): Promise<SelfCheck> {
    await this.handle();
    const problem = fileProblem(this.#options.store, meetState.name);
    const calendars = this.#options.calendars.map(
      ({ name }, index) => [`calendar ${name}`, this.#refreshers[index]?.isWell ?? false] as const,
    );
    const [areKept, why] = this.#areTranscriptsKept();
    const sentences = this.#refreshers.map(({ message }) => message);
    if (sentences.length === 0) sentences.push('No calendar is configured.');
    if (!this.#options.bot) sentences.push('There is no bot here that joins meetings.');
    if (problem) sentences.push(problem.message);
    return {
      checks: { file: !problem, ...Object.fromEntries(calendars), transcripts: areKept },
      message: [...sentences, ...why].join(' '),
    };
  }

  stats(): Readonly<Record<string, unknown>> {
    if (!this.#meet) return {};
    const { currentMeetings, upcomingMeetings, nextMeeting, countdown, lastPoll } = this.#meet.current;
    return {
      current: currentMeetings.length,
      upcoming: upcomingMeetings.length,
      next: nextMeeting?.title ?? null,
      countdown,
      last_poll: lastPoll,
    };
  }

  wokeUp(): void {
    for (const refresher of this.#refreshers) refresher.soon();
  }

  handle(): Promise<StateHandle<Meet>> {
    return this.#options.state.global().get(meetState);
  }

  change<R>(cause: string, recipe: (meet: MeetDraft) => R): Promise<CommitResult<R>> {
    return changeState(this.#options, meetState, { daemon: 'meet', cause }, recipe);
  }

  /** What there is now, by what the calendars said last. */
  view(): ReturnType<typeof meetingsAt> {
    const { clock, toggles, calendars } = this.#options;
    const known: ListedEvent[] = calendars.flatMap((calendar) =>
      (this.#events.get(calendar.name) ?? []).map((event) => ({ ...event, calendar })),
    );
    const modes = this.#meet?.current.modes ?? {};
    return meetingsAt(clock.now(), known, { modes, getMeetingOverride: (id) => toggles.getMeetingOverride(id) });
  }

  /** Decides about a meeting or a series. Skipping it and going to it are decisions that everybody sees. @throws {WorkbenchError} NOT_FOUND. */
  async decide(eventId: string, mode: MeetingMode, reason: string): Promise<void> {
    this.#assertKnown(eventId);
    if (mode !== 'skip') {
      await this.change(`set mode of ${eventId}`, ({ modes }) => {
        modes[eventId] = mode;
        for (const old of Object.keys(modes).slice(0, -MOST_MODES)) delete modes[old];
      });
    }
    await this.#options.toggles.setMeetingOverride(eventId, { status: mode === 'skip' ? 'skip' : 'join', reason });
    await this.look();
  }

  /** Takes back what was decided. @throws {WorkbenchError} NOT_FOUND. */
  async undecide(eventId: string): Promise<void> {
    this.#assertKnown(eventId);
    await this.change(`clear ${eventId}`, ({ modes }) => {
      if (Object.hasOwn(modes, eventId)) delete modes[eventId];
    });
    await this.#options.toggles.clearMeetingOverride(eventId);
    await this.look();
  }

  /** @throws {WorkbenchError} REFUSED where there is none. */
  bot(): MeetingBot {
    const { bot } = this.#options;
    if (!bot) throw new WorkbenchError('REFUSED', 'There is no bot here that joins meetings: join it yourself, by its link.');
    return bot;
  }

  /** Reads all calendars now. @throws {WorkbenchError} UNAVAILABLE, with what could not be read; the others are read all the same. */
  async refresh(): Promise<void> {
    const read = await Promise.allSettled(this.#refreshers.map((refresher) => refresher.now()));
    const messages = read.flatMap((result) => (result.status === 'rejected' ? [messageOf(result.reason)] : []));
    if (messages.length > 0) throw new WorkbenchError('UNAVAILABLE', messages.join(' '));
  }

  calendars(): readonly { readonly name: string; readonly mode: MeetingMode; readonly message: string }[] {
    return this.#options.calendars.map(({ name, mode }, index) => ({ name, mode, message: this.#refreshers[index]?.message ?? '' }));
  }

  async #read(calendar: Calendar, signal: AbortSignal): Promise<void> {
    const now = this.#options.clock.now();
    this.#events.set(calendar.name, await calendar.events({ from: now, to: now + AHEAD_MS }, signal));
    await this.look(isoTime(now));
  }

  /** Says whether it runs. A file that cannot be taken, or a lease that is another's, keep it from saying so, and from nothing else. */
  async #say(isRunning: boolean): Promise<void> {
    const said = this.change(isRunning ? 'start' : 'stop', (meet) => void (meet.schedulerRunning = isRunning));
    await said.catch((error: unknown) => this.#options.log.warn(error));
  }

  #wait(): void {
    if (this.#stopping.signal.aborted) return;
    this.#next = this.#options.clock.after(LOOK_EVERY_MS, () => {
      this.#wait();
      void this.look();
    });
  }

  /** Writes what there is now, where it differs from what stands there; one after the other. */
  look(polledAt?: string): Promise<void> {
    const look = async (): Promise<void> => {
      const { calendars, emit, log } = this.#options;
      const was = new Set(this.#meet?.current.currentMeetings.map(({ event_id }) => event_id));
      const now = this.view();
      await this.change('look', (meet) => {
        Object.assign(
          meet,
          now,
          { monitoredCalendars: calendars.map(({ name }) => name) },
          polledAt !== undefined && { lastPoll: polledAt },
        );
      }).catch((error: unknown) => log.error(error));
      for (const meeting of now.currentMeetings) if (!was.has(meeting.event_id)) emit('meeting_started', { ...meeting });
    };
    this.#looking = this.#looking.then(look);
    return this.#looking;
  }

  #assertKnown(id: string): void {
    const isKnown = this.#options.calendars.some(({ name }) =>
      this.#events.get(name)?.some((event) => event.id === id || event.series === id),
    );
    if (!isKnown) throw new WorkbenchError('NOT_FOUND', `There is no meeting ${JSON.stringify(id)} within a week: list the meetings.`);
  }

  /** Opened when it is first needed, and tried again where that failed. @throws {WorkbenchError} UNAVAILABLE. */
  #open(): Transcripts {
    const { transcripts: path, clock } = this.#options;
    this.#transcripts ??= new Transcripts({ path, clock });
    return this.#transcripts;
  }

  #areTranscriptsKept(): readonly [boolean, readonly string[]] {
    try {
      this.#open();
      return [true, []];
    } catch (error) {
      return [false, [messageOf(error)]];
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
