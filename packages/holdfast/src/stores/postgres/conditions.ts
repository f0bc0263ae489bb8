import { prefixEnd } from '../../store/index.ts';

/** The conditions of one statement, with their values as its parameters. */
export class Conditions {
  readonly values: unknown[] = [];
  readonly #conditions: string[] = ['true'];

  get sql(): string {
    return this.#conditions.join(' AND ');
  }

  /** Adds a condition; each `?` in it stands for the next of the values. */
  add(condition: string, ...values: readonly unknown[]): void {
    const left = [...values];
    this.#conditions.push(condition.replaceAll('?', () => this.value(left.shift())));
  }

  /** Adds that a text begins with the prefix. */
  addPrefix(column: string, prefix: string | undefined): void {
    if (!prefix) return;
    this.add(`${column} >= ?`, prefix);
    const end = prefixEnd(prefix);
    if (end !== undefined) this.add(`${column} < ?`, end);
  }

  /** The name of a new parameter with that value. */
  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}
