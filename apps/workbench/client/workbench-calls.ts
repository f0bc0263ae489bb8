import type { MethodTable } from '../methods/method-table.ts';
import type { Call } from './actions.ts';
import type { Calls } from './calls.ts';
import { connectDaemon } from './daemon-client.ts';

export interface WorkbenchCallsOptions {
  readonly home: string;
  /** What can be called of the home itself. */
  readonly methods: MethodTable;
  /** Whose variables say where the sockets of daemons are. Default: of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Calls of a home: those of the home run here, those of a daemon in the daemon. */
export class WorkbenchCalls implements Calls {
  readonly #options: WorkbenchCallsOptions;

  constructor(options: WorkbenchCallsOptions) {
    this.#options = options;
  }

  async call({ target, method, input }: Call): Promise<unknown> {
    const { home, methods, environment = process.env } = this.#options;
    if (target === 'workbench') return await methods.call(method, input);
    using client = await connectDaemon({ home, daemon: target, environment });
    return await client.call(method, input);
  }
}
