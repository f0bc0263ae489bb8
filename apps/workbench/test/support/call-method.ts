import type { MethodTable } from '../../methods/method-table.ts';

/** Calls a method and gives what a client gets: JSON, of the shape that the method says. */
export async function callMethod<T = unknown>(table: MethodTable, name: string, input: object = {}): Promise<T> {
  const answer: unknown = JSON.parse(JSON.stringify(await table.call(name, input)));
  table
    .list()
    .find((method) => method.name === name)
    ?.output?.parse(answer);
  return answer as T;
}
