import type { SessionView } from '../http/contract.ts';
import type { ViewOptions } from '../session/session-view.ts';
import type { Session } from '../session/session.ts';
import { RunningTurn, type TurnRequest } from './running-turn.ts';
import { runTurn, type TurnKit } from './run-turn.ts';
import { runsElsewhere } from './turn-lease.ts';

interface SessionTurns {
  readonly running: Map<string, { readonly turn: RunningTurn; readonly done: Promise<void> }>;
  readonly watchers: Set<(turn: RunningTurn) => void>;
}

export interface TurnsOptions extends Omit<TurnKit, 'view'> {
  /** The session as a page shows it that has the messages before `messagesFrom`. */
  readonly view: (session: Session, moment: Pick<ViewOptions, 'messagesFrom' | 'isRunning'>) => SessionView;
}

/** The turns that run in this process, by session. A turn goes on when the page that sent it is gone. */
export class Turns {
  readonly #kit: TurnKit;
  readonly #view: TurnsOptions['view'];
  readonly #sessions = new Map<string, SessionTurns>();

  constructor({ view, ...kit }: TurnsOptions) {
    this.#view = view;
    const viewIn = ({ session }: RunningTurn, messagesFrom: number): SessionView =>
      view(session, { messagesFrom, isRunning: (turnId) => this.isRunning(session.id, turnId) });
    this.#kit = { ...kit, view: viewIn };
  }

  /** Starts the turn of a message; the one that runs already when the message was sent before. */
  start(session: Session, request: TurnRequest): RunningTurn {
    const turns = this.#of(session.id);
    const known = turns.running.get(request.id);
    if (known) return known.turn;
    const turn = new RunningTurn(session, request);
    const done = runTurn(this.#kit, turn).finally(() => {
      turns.running.delete(turn.id);
      this.#forgetIdle(session.id);
    });
    turns.running.set(turn.id, { turn, done });
    for (const watch of turns.watchers) watch(turn);
    return turn;
  }

  /**
   * The session as a page shows it now that has the messages before `messagesFrom`. A turn of another server runs for as long as that server keeps its
   * lease alive.
   */
  async view(session: Session, messagesFrom = 0): Promise<SessionView> {
    const turnId = session.conversation.current.openTurn?.id;
    const runs = turnId !== undefined && (this.isRunning(session.id, turnId) || (await runsElsewhere(session, turnId)));
    return this.#view(session, { messagesFrom, isRunning: (id) => runs && id === turnId });
  }

  /** Whether a turn of the session, or any, runs in this process. */
  isRunning(sessionId: string, turnId?: string): boolean {
    const running = this.#sessions.get(sessionId)?.running;
    return running !== undefined && (turnId === undefined ? running.size > 0 : running.has(turnId));
  }

  /** Calls back for each turn of the session that runs now or starts later, until the signal aborts. */
  watch(sessionId: string, watcher: (turn: RunningTurn) => void, signal: AbortSignal): void {
    const { watchers, running } = this.#of(sessionId);
    watchers.add(watcher);
    const unwatch = (): void => {
      watchers.delete(watcher);
      this.#forgetIdle(sessionId);
    };
    signal.addEventListener('abort', unwatch, { once: true });
    if (signal.aborted) unwatch();
    else for (const { turn } of running.values()) watcher(turn);
  }

  /**
   * Ends the answer of one turn, or of all turns of the session, where it is; resolves when those of this process have ended. One that another server
   * runs is marked, for that one to see.
   */
  async stop(session: Session, turnId?: string): Promise<void> {
    const isMeant = (id: string): boolean => turnId === undefined || id === turnId;
    const turns = [...(this.#sessions.get(session.id)?.running.values() ?? [])].filter(({ turn }) => isMeant(turn.id));
    for (const { turn } of turns) turn.stop();
    await Promise.all(turns.map(({ done }) => done));
    await session.conversation.update(
      ({ openTurn }) => {
        if (openTurn && isMeant(openTurn.id)) openTurn.isStopped = true;
      },
      { actor: 'guest', cause: 'stop' },
    );
  }

  /** Lets every turn come to its end; those that have not after `graceMs` are left and count as cut off. */
  async drain(graceMs: number): Promise<void> {
    const all = [...this.#sessions.values()].flatMap(({ running }) => [...running.values()]);
    const grace = setTimeout(() => all.forEach(({ turn }) => turn.abandon()), graceMs);
    await Promise.all(all.map(({ done }) => done));
    clearTimeout(grace);
  }

  #of(sessionId: string): SessionTurns {
    let turns = this.#sessions.get(sessionId);
    if (!turns) {
      turns = { running: new Map(), watchers: new Set() };
      this.#sessions.set(sessionId, turns);
    }
    return turns;
  }

  #forgetIdle(sessionId: string): void {
    const turns = this.#sessions.get(sessionId);
    if (turns?.running.size === 0 && turns.watchers.size === 0) this.#sessions.delete(sessionId);
  }
}
