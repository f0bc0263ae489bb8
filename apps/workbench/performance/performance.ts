import type { StateHandle, StateManager } from 'holdfast';
import type { FileStore } from 'holdfast/files';
import type { Clock } from '../clock.ts';
import { assertFileIsTaken } from '../state-files.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { MOST_ENTRIES, MOST_GOALS, performanceState, type PerformanceEntry, type QuarterOfWork } from './performance-state.ts';
import { quarterOf, stateNameOf } from './quarter.ts';

/** Goals and entries of quarters, each in `performance/qN_YYYY.yaml`. */
export class Performance {
  readonly #state: StateManager;
  readonly #store: Pick<FileStore, 'problems'>;
  readonly #clock: Clock;

  constructor({
    state,
    store,
    clock,
  }: {
    readonly state: StateManager;
    readonly store: Pick<FileStore, 'problems'>;
    readonly clock: Clock;
  }) {
    this.#state = state;
    this.#store = store;
    this.#clock = clock;
  }

  /** The one that it is now. */
  get quarter(): string {
    return quarterOf(this.#clock.now());
  }

  async read(quarter: string): Promise<QuarterOfWork> {
    return (await this.#state.global().get(performanceState(quarter))).current;
  }

  /** Adds what was done to the quarter of its day; gives that. @throws {WorkbenchError} NOT_FOUND for a goal that there is not; REFUSED when it is full. */
  async addEntry({ date = this.#today(), text, goal, link }: Partial<PerformanceEntry> & { readonly text: string }): Promise<string> {
    const quarter = quarterOf(Date.parse(`${date}T00:00:00`));
    const state = await this.#writable(quarter);
    await state.update((draft) => {
      if (goal !== undefined && !draft.goals.some(({ id }) => id === goal))
        throw new WorkbenchError('NOT_FOUND', `There is no goal ${JSON.stringify(goal)} in ${quarter}: set it first, or leave it out.`);
      if (draft.entries.length >= MOST_ENTRIES)
        throw new WorkbenchError('REFUSED', `${quarter} has ${MOST_ENTRIES} entries, which is the most.`);
      draft.entries.push({ date, text, ...(goal !== undefined && { goal }), ...(link !== undefined && { link }) });
    }, ORIGIN);
    return quarter;
  }

  /** Makes a goal, or changes the one of that id. @throws {WorkbenchError} REFUSED when there are too many. */
  async setGoal(quarter: string, goal: { readonly id: string; readonly title: string; readonly status?: string }): Promise<void> {
    const state = await this.#writable(quarter);
    await state.update((draft) => {
      const known = draft.goals.find(({ id }) => id === goal.id);
      if (known) Object.assign(known, goal);
      else if (draft.goals.length >= MOST_GOALS)
        throw new WorkbenchError('REFUSED', `${quarter} has ${MOST_GOALS} goals, which is the most.`);
      else draft.goals.push({ ...goal });
    }, ORIGIN);
  }

  /** @throws {WorkbenchError} REFUSED while its file holds what cannot be taken. */
  async #writable(quarter: string): Promise<StateHandle<QuarterOfWork>> {
    const state = await this.#state.global().get(performanceState(quarter));
    assertFileIsTaken(this.#store, stateNameOf(quarter));
    return state;
  }

  /** By this machine's zone. */
  #today(): string {
    const now = new Date(this.#clock.now());
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
  }
}

const ORIGIN = { actor: 'tool', cause: 'performance' };
