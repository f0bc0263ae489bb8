import { onTestFinished } from 'vitest';
import type { Call } from '../../client/actions.ts';
import type { Calls } from '../../client/calls.ts';
import { Overview, type OverviewSource, type Sources } from '../../client/overview.ts';
import type { OverviewView, SourceName } from '../../client/views.ts';
import { systemClock, type Clock } from '../../clock.ts';
import { WorkbenchError } from '../../workbench-error.ts';

type Values = { readonly [Name in SourceName]: NonNullable<OverviewView[Name]['value']> };

/** What a source says, or how it fails. */
type Scripted = { readonly [Name in SourceName]: Values[Name] | Error };

const NOTHING: Values = {
  services: [],
  jobs: { timeZone: null, jobs: [], runs: [] },
  sessions: { workspaces: [], activeWorkspace: null },
  sprint: { isEnabled: false, currentIssue: null, issues: [], stats: { total: 0, successful: 0, failed: 0 } },
  messages: [],
  meetings: { meetings: [], lastPoll: null },
  health: [],
  files: [],
};

/** An overview whose sources say what a test has them say. */
export class ScriptedOverview {
  readonly overview: Overview;
  readonly #values: Scripted;
  readonly #changed = new Map<SourceName, () => void>();

  constructor(values: Partial<Scripted> = {}, clock: Clock = systemClock) {
    this.#values = { ...NOTHING, ...values };
    const names = Object.keys(NOTHING) as SourceName[];
    const sources = Object.fromEntries(names.map((name) => [name, this.#source(name)])) as unknown as Sources;
    this.overview = new Overview({ sources, clock });
    onTestFinished(() => this.overview.close());
  }

  /** From now on the source says this, or fails with it. */
  say<Name extends SourceName>(name: Name, value: Values[Name] | Error): void {
    Object.assign(this.#values, { [name]: value });
    this.#changed.get(name)?.();
  }

  #source(name: SourceName): OverviewSource<unknown> {
    return {
      read: () => {
        const value = this.#values[name];
        if (value instanceof Error) throw value;
        return value;
      },
      subscribe: (changed) => {
        this.#changed.set(name, changed);
        return () => void this.#changed.delete(name);
      },
    };
  }
}

/** Notes what is called, and answers as a test says. */
export class ScriptedCalls implements Calls {
  readonly made: Call[] = [];
  answer: (call: Call) => unknown = () => ({});

  async call(call: Call): Promise<unknown> {
    this.made.push(call);
    return await this.answer(call);
  }

  /** Has every call refused with a sentence. */
  refuse(message: string): void {
    this.answer = () => {
      throw new WorkbenchError('UNAVAILABLE', message);
    };
  }
}
