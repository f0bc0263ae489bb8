import { z } from 'zod';
import { WorkbenchError } from '../workbench-error.ts';
import type { Method } from './method.ts';

/** The methods of one service. Every way in (D-Bus, socket, MCP, command, page) reads this table, so that none offers a name that the others lack. */
export class MethodTable {
  readonly #methods: ReadonlyMap<string, Method>;

  constructor(methods: readonly Method[]) {
    this.#methods = new Map(methods.map((method) => [method.name, method]));
    if (this.#methods.size < methods.length) throw new TypeError('Two methods of a table have the same name.');
  }

  list(): readonly Method[] {
    return [...this.#methods.values()];
  }

  /**
   * Checks the input and runs the method.
   * @throws {WorkbenchError} NOT_FOUND for a name that is not there, INVALID_INPUT for arguments that do not fit, and what the method throws.
   */
  async call(name: string, input: unknown): Promise<unknown> {
    const method = this.#methods.get(name);
    if (!method) {
      const known = [...this.#methods.keys()].join(', ');
      throw new WorkbenchError('NOT_FOUND', `There is no method ${JSON.stringify(name)} here; there are ${known}.`);
    }
    const checked = method.input.safeParse(input);
    if (!checked.success) {
      throw new WorkbenchError('INVALID_INPUT', `${name} does not take that: ${z.prettifyError(checked.error)}`);
    }
    return await method.run(checked.data as never);
  }
}
