import { connect, type Socket } from 'node:net';
import type { DaemonName } from '../daemons/daemon.ts';
import { SIGNALS, type SignalListener, type SignalName } from '../daemons/daemon-calls.ts';
import { MAX_LINE, onLines } from '../dbus/lines.ts';
import { socketPath } from '../dbus/socket-path.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { errorOfDaemon, type DaemonConnection } from './daemon-connection.ts';

const ANSWERS_WITHIN_MS = 60_000;

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: { readonly code: string } };
  readonly method?: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** @throws {WorkbenchError} UNAVAILABLE when nobody listens there. */
export async function connectOverSocket(
  home: string,
  daemon: DaemonName,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DaemonConnection> {
  const path = socketPath(home, daemon, environment);
  const socket = connect(path);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve);
  socket.once('error', reject);
  try {
    await promise;
  } catch (cause) {
    throw new WorkbenchError('UNAVAILABLE', `The ${daemon} daemon does not answer at ${path}.`, { cause });
  }
  socket.off('error', reject);
  return new SocketConnection(socket, daemon);
}

class SocketConnection implements DaemonConnection {
  readonly via = 'socket';
  readonly #socket: Socket;
  readonly #daemon: DaemonName;
  readonly #waiting = new Map<number, { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }>();
  readonly #listeners = new Set<SignalListener>();
  #last = 0;

  constructor(socket: Socket, daemon: DaemonName) {
    this.#socket = socket;
    this.#daemon = daemon;
    onLines(socket, MAX_LINE, (line) => this.#take(JSON.parse(line) as Message));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#gone());
  }

  async call(name: string, args: readonly string[]): Promise<unknown> {
    const id = (this.#last += 1);
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (!this.#socket.writable) throw this.#unavailable('has closed the connection');
    const timer = setTimeout(() => reject(this.#unavailable(`did not answer within ${ANSWERS_WITHIN_MS / 1_000} s`)), ANSWERS_WITHIN_MS);
    this.#waiting.set(id, { resolve, reject });
    this.#socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: name, params: args })}\n`);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  async listen(listener: SignalListener): Promise<void> {
    this.#listeners.add(listener);
    await this.call('Subscribe', []);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take({ id, result, error, method, params = {} }: Message): void {
    if (method !== undefined) {
      const names: readonly string[] = SIGNALS[method as SignalName];
      const args = names.map((name) => params[name] ?? '');
      for (const listener of [...this.#listeners]) listener(method as SignalName, args);
      return;
    }
    const waiting = this.#waiting.get(id ?? 0);
    if (error) waiting?.reject(errorOfDaemon(error.data?.code ?? '', error.message));
    else waiting?.resolve(result);
  }

  #gone(): void {
    for (const { reject } of this.#waiting.values()) reject(this.#unavailable('has ended before it answered'));
  }

  #unavailable(what: string): WorkbenchError {
    return new WorkbenchError('UNAVAILABLE', `The ${this.#daemon} daemon ${what}.`);
  }
}
