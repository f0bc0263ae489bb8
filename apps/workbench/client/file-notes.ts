import type { FileReport, FileStore } from 'holdfast/files';
import type { Clock } from '../clock.ts';
import type { ConfigManager } from '../config/config-manager.ts';
import type { ConfigProblem } from '../config/config-problem.ts';
import type { OverviewSource } from './overview.ts';
import type { FileNote } from './views.ts';

type Problem = Omit<FileNote, 'at'>;

/** What was reported and is over: the newest of it. */
const MOST_REPORTS = 50;

/** What a person should know of the files of a home: those that cannot be taken now, and what was reported since this process began. */
export class FileNotes {
  readonly #clock: Clock;
  readonly #reports: FileNote[] = [];
  /** When a file was first found as it is, by path and message. */
  readonly #since = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a report of the store. */
  readonly note = (report: FileReport): void => {
    // Those are asked of the store, which knows when they are over.
    if (!isProblem(report)) {
      this.#reports.unshift({ ...ofReport(report), at: this.#now() });
      this.#reports.splice(MOST_REPORTS);
    }
    for (const listener of this.#listeners) listener();
  };

  /** As a part of the overview. */
  source(store: FileStore, config: ConfigManager): OverviewSource<readonly FileNote[]> {
    return {
      read: () => {
        const problems = [...config.problems.map((problem) => ofConfig(config.path, problem)), ...store.problems().map(ofReport)];
        return [...this.#dated(problems), ...this.#reports];
      },
      subscribe: (changed) => {
        this.#listeners.add(changed);
        const unsubscribe = config.subscribe(changed);
        return () => {
          this.#listeners.delete(changed);
          unsubscribe();
        };
      },
    };
  }

  /** Each since it was first found as it is. */
  #dated(problems: readonly Problem[]): readonly FileNote[] {
    const before = new Map(this.#since);
    this.#since.clear();
    return problems.map((problem) => {
      const id = `${problem.path}\n${problem.message}`;
      const at = before.get(id) ?? this.#now();
      this.#since.set(id, at);
      return { ...problem, at };
    });
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

function isProblem({ kind }: FileReport): boolean {
  return kind === 'damaged' || kind === 'invalid';
}

function ofReport({ kind, path, message, line, keptAs }: FileReport): Problem {
  return { kind, path, message, line: line ?? null, keptAs: keptAs ?? null };
}

function ofConfig(file: string, { kind, path, message, line }: ConfigProblem): Problem {
  return { kind, path: file, message: path === '' ? message : `${path} ${message}`, line: line ?? null, keptAs: null };
}
