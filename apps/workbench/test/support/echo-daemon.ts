import { defineMethod } from '../../methods/method.ts';
import { MethodTable } from '../../methods/method-table.ts';
import type { Daemon, DaemonContext, DaemonModule, DaemonName, SelfCheck } from '../../daemons/daemon.ts';
import { z } from 'zod';

/** A daemon that says again what it is told, counts that, and is as healthy as a test wants. */
export class EchoDaemon implements Daemon {
  readonly methods: MethodTable;
  readonly asleep: number[] = [];
  self: SelfCheck = { checks: { echo: true }, message: 'all is well' };
  isStopped = false;
  readonly context: DaemonContext;
  #calls = 0;

  constructor(context: DaemonContext) {
    this.context = context;
    this.methods = new MethodTable([
      defineMethod({
        name: 'echo',
        title: 'Echo',
        description: 'Says a text again.',
        input: { text: z.string() },
        hints: { readOnly: true },
        run: ({ text }) => {
          this.#calls += 1;
          context.emit('echoed', { text });
          return { text };
        },
      }),
    ]);
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.isStopped = true;
    return Promise.resolve();
  }

  check(): Promise<SelfCheck> {
    return Promise.resolve(this.self);
  }

  stats(): Readonly<Record<string, unknown>> {
    return { calls: this.#calls };
  }

  wokeUp(asleepMs: number): void {
    this.asleep.push(asleepMs);
  }
}

/** Its module; `daemons` has what it made. */
export function echoModule(name: DaemonName = 'memory'): DaemonModule & { readonly daemons: EchoDaemon[] } {
  const daemons: EchoDaemon[] = [];
  return {
    name,
    daemons,
    create: (context) => {
      const daemon = new EchoDaemon(context);
      daemons.push(daemon);
      return daemon;
    },
  };
}
