import type { Session } from '../session/session.ts';
import { RunningTurn, type TurnRequest } from './running-turn.ts';
import { runTurn, type TurnKit } from './run-turn.ts';

interface SessionTurns {
  readonly running: Map<string, { readonly turn: RunningTurn; readonly done: Promise<void> }>;
  readonly watchers: Set<(turn: RunningTurn) => void>;
}

/** The turns that run in this process, by session. A turn goes on when the page that sent it is gone. */
export class Turns {
  readonly #kit: TurnKit;
  readonly #sessions = new Map<string, SessionTurns>();

  constructor(kit: Omit<TurnKit, 'view'> & { readonly view: (session: Session, turns: Turns) => ReturnType<TurnKit['view']> }) {
    this.#kit = { ...kit, view: (session) => kit.view(session, this) };
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

  /** The session as a page shows it now. */
  view(session: Session): ReturnType<TurnKit['view']> {
    return this.#kit.view(session);
  }

  isRunning(sessionId: string, turnId: string): boolean {
    return this.#sessions.get(sessionId)?.running.has(turnId) ?? false;
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

  /** Ends the answer of one turn, or of all turns of the session, where it is; resolves when they have ended. */
  async stop(sessionId: string, turnId?: string): Promise<void> {
    const turns = [...(this.#sessions.get(sessionId)?.running.values() ?? [])].filter(
      ({ turn }) => turnId === undefined || turn.id === turnId,
    );
    for (const { turn } of turns) turn.stop();
    await Promise.all(turns.map(({ done }) => done));
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
