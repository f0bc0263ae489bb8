import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { DaemonName } from '../daemons/daemon.ts';
import { answerText, CALLS, isCallName, shownFailure, SIGNALS, type DaemonEndpoint } from '../daemons/daemon-calls.ts';
import type { WayIn } from '../daemons/run-daemons.ts';
import { onLines } from './lines.ts';
import type { Environment } from './session-bus.ts';
import { socketPath } from './socket-path.ts';

const MAX_CONNECTIONS = 64;
const MAX_REQUEST = 2_097_152;
/** Calls under way of one connection; what comes meanwhile waits in the socket. */
const MAX_UNDER_WAY = 32;
/** Who does not read what it is told loses the connection. */
const MAX_UNREAD = 33_554_432;

const Request = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string(),
  params: z.union([z.array(z.string()), z.record(z.string(), z.string())]).default([]),
});
type RequestId = z.infer<typeof Request>['id'];

/**
 * Offers a daemon on a Unix socket of its owner (0600): JSON-RPC 2.0, a message a line, with the calls of the bus. Two more stand for what a bus does by itself:
 * `Subscribe`, after which signals come as notifications, and `Properties`.
 */
export function socketWay(environment: Environment): WayIn {
  return async (endpoint, { home, log }) => {
    const path = socketPath(home, endpoint.name as DaemonName, environment);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    chmodSync(dirname(path), 0o700);
    const connections = new Set<Socket>();
    const server = createServer((socket) => {
      connections.add(socket);
      socket.on('close', () => connections.delete(socket));
      socket.on('error', () => socket.destroy());
      new Conversation(socket, endpoint).begin();
    });
    server.maxConnections = MAX_CONNECTIONS;
    const inode = await listen(server, path);
    server.on('error', (error) => log.warn({ err: error, path }, 'the socket failed'));
    return {
      [Symbol.asyncDispose]: async () => {
        const { promise: closed, resolve } = Promise.withResolvers<void>();
        server.close(() => resolve());
        // What was answered still goes out.
        for (const socket of connections) socket.destroySoon();
        await closed;
        // By now it may be that of the next daemon.
        if (inodeOf(path) === inode) rmSync(path, { force: true });
      },
    };
  };
}

/** Listens beside the path, and takes its place: whoever holds the daemon's lease may, and nobody else could ever connect. Gives the inode. */
async function listen(server: Server, path: string): Promise<bigint | undefined> {
  const own = `${path}.${randomBytes(3).toString('hex')}`;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(own, resolve);
  await promise;
  server.off('error', reject);
  chmodSync(own, 0o600);
  renameSync(own, path);
  return inodeOf(path);
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** One connection of a client. */
class Conversation {
  readonly #socket: Socket;
  readonly #endpoint: DaemonEndpoint;
  #underWay = 0;
  #deaf: (() => void) | undefined;

  constructor(socket: Socket, endpoint: DaemonEndpoint) {
    this.#socket = socket;
    this.#endpoint = endpoint;
  }

  begin(): void {
    onLines(this.#socket, MAX_REQUEST, (line) => void this.#take(line));
    this.#socket.on('close', () => this.#deaf?.());
  }

  async #take(line: string): Promise<void> {
    const request = parseRequest(line);
    if ('failure' in request) return this.#send({ id: null, error: request.failure });
    const { id, method, params } = request;
    this.#underWay += 1;
    if (this.#underWay >= MAX_UNDER_WAY) this.#socket.pause();
    try {
      const text = answerText(await this.#answer(method, params));
      this.#reply(id, `"result":${text}`);
    } catch (error) {
      const { code, message } = shownFailure(error);
      const number = code === 'NOT_FOUND' && !isCallName(method) ? -32_601 : code === 'INVALID_INPUT' ? -32_602 : -32_000;
      this.#reply(id, `"error":${JSON.stringify({ code: number, message, data: { code } })}`);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay < MAX_UNDER_WAY) this.#socket.resume();
    }
    return undefined;
  }

  async #answer(method: string, params: readonly string[] | Readonly<Record<string, string>>): Promise<unknown> {
    if (method === 'Properties') return this.#endpoint.properties();
    if (method === 'Subscribe') {
      this.#deaf ??= this.#endpoint.listen((signal, args) => {
        const names: readonly string[] = SIGNALS[signal];
        this.#send({ method: signal, params: Object.fromEntries(names.map((name, index) => [name, args[index]])) });
      });
      return { subscribed: Object.keys(SIGNALS) };
    }
    return await this.#endpoint.call(
      method,
      Array.isArray(params) ? (params as readonly string[]) : inOrder(method, params as Record<string, string>),
    );
  }

  /** One without an id is a notification, which has no answer. */
  #reply(id: RequestId, answer: string): void {
    if (id !== undefined) this.#write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},${answer}}`);
  }

  #send(message: Readonly<Record<string, unknown>>): void {
    this.#write(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }

  #write(line: string): void {
    if (this.#socket.writable) this.#socket.write(`${line}\n`);
    if (this.#socket.writableLength > MAX_UNREAD) this.#socket.destroy();
  }
}

function parseRequest(line: string): z.infer<typeof Request> | { readonly failure: { readonly code: number; readonly message: string } } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { failure: { code: -32_700, message: 'The line is no JSON.' } };
  }
  const checked = Request.safeParse(json);
  if (checked.success) return checked.data;
  return { failure: { code: -32_600, message: `The line is no request of JSON-RPC 2.0: ${z.prettifyError(checked.error)}` } };
}

/** Named arguments in the order of the table; those that it does not name are too many. */
function inOrder(method: string, params: Readonly<Record<string, string>>): readonly string[] {
  if (!isCallName(method)) return [];
  const names: readonly string[] = CALLS[method];
  const known = names.map((name) => params[name]).filter((value) => value !== undefined);
  const others = Object.keys(params).filter((name) => !names.includes(name));
  return [...known, ...others];
}
