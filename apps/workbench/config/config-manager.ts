import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { configPath, readConfigText, type ConfigText } from './config-file.ts';
import { describeProblems, isBreakage, type ConfigProblem } from './config-problem.ts';
import type { ConfigSections, SectionName } from './config-sections.ts';
import type { Environment } from './expand-values.ts';
import { readConfig, type Config, type ReadConfig } from './read-config.ts';
import { own } from '../json-value.ts';

/** A file must stay as it is for so long before it is read. */
const SETTLES_MS = 250;
/** How often the file is looked at in case the system did not tell of a change. */
const LOOK_EVERY_MS = 5_000;

export interface ConfigOptions {
  /** `config.json`, or the folder it stands in. Default: `AA_WORKFLOW_CONFIG`, or the current folder. */
  readonly project?: string;
  readonly environment?: Environment;
  readonly clock: Clock;
  readonly log: Logger;
  /** Refuses a file with any problem, also when a required value is missing. Default false. */
  readonly strict?: boolean;
}

/** What became of the file. */
export interface ConfigNews {
  /** What is in force, which is the last good one when the file is broken. */
  readonly config: Config;
  /** Of the file as it is. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * The static configuration of a project: a file that a person owns. It is read and watched, never written, and nothing of it is stored elsewhere, because tokens may
 * stand in it. While it is broken, the last good one stays in force.
 */
export class ConfigManager {
  /** Path of the file, which need not exist. */
  readonly path: string;
  readonly #environment: Environment;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #isStrict: boolean;
  readonly #listeners = new Set<(news: ConfigNews) => void>();
  #config: Config = {};
  #problems: readonly ConfigProblem[] = [];
  /** Of the file as it was last read. */
  #mark = '';
  /** Whether what is in force was without breakage. */
  #isGood = false;
  #watcher: FSWatcher | undefined;
  #settling: Disposable | undefined;
  #look: Disposable | undefined;

  private constructor({ project, environment = process.env, clock, log, strict = false }: ConfigOptions) {
    this.path = configPath(project, environment);
    this.#environment = environment;
    this.#clock = clock;
    this.#log = log;
    this.#isStrict = strict;
  }

  /** Reads the file and watches it. @throws {WorkbenchError} REFUSED when strict and anything is wrong with it; the message lists every problem. */
  static open(options: ConfigOptions): ConfigManager {
    const manager = new ConfigManager(options);
    manager.#take(manager.#read());
    manager.#watch();
    return manager;
  }

  /** A section, or a value in one; what is not there is `otherwise`. Secrets are `Secret`s: `reveal()` gives the text. */
  get<S extends SectionName>(section: S): ConfigSections[S];
  get<S extends SectionName, K extends keyof NonNullable<ConfigSections[S]>>(
    section: S,
    key: K,
  ): NonNullable<ConfigSections[S]>[K] | undefined;
  get<S extends SectionName, K extends keyof NonNullable<ConfigSections[S]>>(
    section: S,
    key: K,
    otherwise: NonNullable<NonNullable<ConfigSections[S]>[K]>,
  ): NonNullable<NonNullable<ConfigSections[S]>[K]>;
  get(section: string, key?: string, otherwise?: unknown): unknown;
  get(section: string, key?: string, otherwise?: unknown): unknown {
    const found = own(this.#config, section);
    return (key === undefined ? found : own(found, key)) ?? otherwise;
  }

  /** All that is in force, frozen. */
  get current(): Config {
    return this.#config;
  }

  /** Of the file when it was last read; while one of them is a breakage, an older configuration is in force. */
  get problems(): readonly ConfigProblem[] {
    return this.#problems;
  }

  /** Every problem of the file as it is now, without taking it. */
  validate(): readonly ConfigProblem[] {
    return this.#read().problems;
  }

  /** Reads the file now. Gives its problems. @throws {WorkbenchError} REFUSED when strict and anything is wrong: what was in force stays. */
  reload(): readonly ConfigProblem[] {
    this.#take(this.#read());
    return this.#problems;
  }

  /** Tells of every change of the file that matters, also of one that broke it. Returns the unsubscriber. */
  subscribe(listener: (news: ConfigNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#watcher?.close();
    this.#settling?.[Symbol.dispose]();
    this.#look?.[Symbol.dispose]();
    this.#listeners.clear();
  }

  #read(): ReadConfig & { readonly mark: string } {
    const found = readConfigText(this.path);
    const read = found.problem ? { config: {}, problems: [found.problem] } : readConfig(found.text, this.#environment);
    return { ...read, mark: markOf(found) };
  }

  #take({ mark, config, problems }: ReadConfig & { readonly mark: string }): void {
    const isRefused = problems.some(isBreakage) || (this.#isStrict && problems.length > 0);
    this.#problems = problems;
    this.#mark = mark;
    // Without a good one, the sections that fit are better than none.
    if (!isRefused || !this.#isGood) this.#config = config;
    if (problems.length > 0) {
      const stays = isRefused && this.#isGood ? '; the last good one stays in force' : '';
      this.#log.warn({ path: this.path, problems }, `config.json has problems${stays}`);
    }
    this.#isGood ||= !isRefused;
    for (const listener of [...this.#listeners]) this.#tell(listener);
    if (this.#isStrict && problems.length > 0)
      throw new WorkbenchError('REFUSED', `${this.path} cannot be used: ${describeProblems(problems)}.`);
  }

  #tell(listener: (news: ConfigNews) => void): void {
    try {
      listener({ config: this.#config, problems: this.#problems });
    } catch (error) {
      this.#log.error({ err: error }, 'a listener of the configuration failed');
    }
  }

  /** Watches the folder: editors put a new file in the place of the old one. */
  #watch(): void {
    try {
      this.#watcher = watch(dirname(this.path), { persistent: false }, (_event, name) => {
        if (name === null || name === basename(this.path)) this.#changed();
      });
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // There is no such folder yet, or there are too many watches on this machine; looking now and then finds what comes.
    }
    const lookAgain = (): void => {
      this.#changed();
      this.#look = this.#clock.after(LOOK_EVERY_MS, lookAgain);
    };
    this.#look = this.#clock.after(LOOK_EVERY_MS, lookAgain);
  }

  #changed(): void {
    const mark = markOf(readConfigText(this.path));
    if (mark === this.#mark) return;
    this.#settling?.[Symbol.dispose]();
    this.#settling = this.#clock.after(SETTLES_MS, () => {
      const read = this.#read();
      if (read.mark !== mark) this.#changed();
      else if (mark !== this.#mark) this.#takeQuietly(read);
    });
  }

  /** Nobody waits for an answer: what is wrong was logged and told. */
  #takeQuietly(read: ReadConfig & { readonly mark: string }): void {
    try {
      this.#take(read);
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
    }
  }
}

function markOf({ text, problem }: ConfigText): string {
  return text === undefined ? `! ${problem.message}` : `= ${text}`;
}
