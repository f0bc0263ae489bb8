import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  McpServer,
  type CallToolResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { MethodModule } from '../methods/method-modules.ts';
import { MethodTable } from '../methods/method-table.ts';
import type { Method } from '../methods/method.ts';
import type { Workbench } from '../open-workbench.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { ChangeHub, type McpChange } from './change-hub.ts';
import { sessionEntered, sessionNamed, type McpConnection } from './mcp-connection.ts';
import { noteCall } from './note-call.ts';
import { offeredModules } from './offered-tools.ts';
import { Resources } from './resources.ts';
import { answer, failure } from './tool-answer.ts';
import { toolModules } from './tool-modules.ts';
import { structured, toolOf } from './tool.ts';

const INSTRUCTIONS = `The state of a developer's AI workflow: chat sessions, memory that outlives them, toggles, configuration and daemons. Begin with session_start, or resume
with its id. Read state/current_work and state/shared_context of memory before you work, note what you did with memory_session_log, and call check_known_issues when a
tool fails. A persona decides which tools are offered; persona_load changes it. An error says what to do.`;
const INFO = { name: 'holdfast-workbench', title: 'Holdfast Workbench', version: '0.1.0' };
/** Without the registry of tools around it: which are offered depends on the connection. */
type ProtocolServer = McpServer['server'];
/** Resources of one page. */
const PAGE = 200;
const MAX_SUBSCRIPTIONS = 1_000;

/** The Workbench for clients of MCP: makes servers, one a connection or a request, and tells them what changed. */
export class WorkbenchMcp implements AsyncDisposable {
  readonly changes: ChangeHub;
  readonly #workbench: Workbench;
  readonly #modules: readonly MethodModule[];
  readonly #methods: MethodTable;
  readonly #byName: ReadonlyMap<string, Method>;
  readonly #resources: Resources;

  private constructor(workbench: Workbench) {
    this.#workbench = workbench;
    this.#modules = toolModules(workbench);
    this.#methods = new MethodTable(this.#modules.flatMap(({ methods }) => methods));
    this.#byName = new Map(this.#methods.list().map((method) => [method.name, method]));
    this.#resources = new Resources(workbench);
    this.changes = new ChangeHub(workbench, this.#resources);
  }

  static async open(workbench: Workbench): Promise<WorkbenchMcp> {
    const mcp = new WorkbenchMcp(workbench);
    await mcp.changes.start();
    return mcp;
  }

  /** A server for one connection. With `tells`, it notifies its client of changes until it is closed: of all resources, or of those that were subscribed to. */
  server(connection: McpConnection, tells?: 'all' | 'subscribed'): McpServer {
    const mcp = new McpServer(INFO, {
      instructions: INSTRUCTIONS,
      capabilities: { tools: { listChanged: true }, resources: { listChanged: true, subscribe: true } },
    });
    this.#serveTools(mcp.server, connection);
    const subscribed = this.#serveResources(mcp.server);
    if (tells) this.#tellChanges(mcp.server, connection, tells === 'all' ? undefined : subscribed);
    return mcp;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.changes.close();
  }

  #serveTools(server: ProtocolServer, connection: McpConnection): void {
    server.setRequestHandler('tools/list', () => ({ tools: this.#offered(connection).map(toolOf) }));
    server.setRequestHandler('tools/call', async ({ params }, context) => {
      const method = this.#byName.get(params.name);
      if (!method)
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          `There is no tool ${JSON.stringify(params.name.slice(0, 200))}; tools/list has those that there are.`,
        );
      const called = await this.#call(method, params.arguments ?? {}, connection, context);
      const sessionId = connection.sessionId ?? sessionNamed(params.arguments);
      await noteCall(this.#workbench, sessionId, { tool: method.name, input: params.arguments, isError: called.isError === true });
      return server.projectCallToolResult(called, toolOf(method).outputSchema);
    });
  }

  async #call(method: Method, input: unknown, connection: McpConnection, { mcpReq }: ServerContext): Promise<CallToolResult> {
    const { log } = this.#workbench;
    try {
      if (!this.#offered(connection).includes(method))
        throw new WorkbenchError(
          'REFUSED',
          `${method.name} is not among the tools of this session's persona. persona_load takes another one; with toolFilterEnabled false the workspace offers all.`,
        );
      mcpReq.signal.throwIfAborted();
      const result = await this.#methods.call(method.name, input);
      connection.sessionId = sessionEntered(method.name, result) ?? connection.sessionId;
      return answer(structured(method, result));
    } catch (error) {
      return failure(error, method.name, log);
    }
  }

  #offered({ sessionId }: McpConnection): readonly Method[] {
    return offeredModules(this.#workbench, this.#modules, sessionId).flatMap(({ methods }) => methods);
  }

  /** Gives what the client subscribed to. */
  #serveResources(server: ProtocolServer): ReadonlySet<string> {
    const subscribed = new Set<string>();
    server.setRequestHandler('resources/list', async ({ params }) => {
      const from = params?.cursor === undefined ? 0 : Number(params.cursor);
      if (!Number.isSafeInteger(from) || from < 0)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such page; begin without a cursor.');
      const all = await this.#resources.list();
      return { resources: all.slice(from, from + PAGE), ...(from + PAGE < all.length && { nextCursor: String(from + PAGE) }) };
    });
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [] }));
    server.setRequestHandler('resources/read', async ({ params: { uri } }) => ({ contents: [await this.#read(uri)] }));
    // A file that is not there yet may come.
    server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
      if (subscribed.size >= MAX_SUBSCRIPTIONS)
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `A client has at most ${MAX_SUBSCRIPTIONS} subscriptions; end one first.`);
      subscribed.add(uri);
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
      subscribed.delete(uri);
      return {};
    });
    return subscribed;
  }

  async #read(uri: string): ReturnType<Resources['read']> {
    try {
      return await this.#resources.read(uri);
    } catch (error) {
      if (error instanceof WorkbenchError) throw new ResourceNotFoundError(uri, error.message);
      throw error;
    }
  }

  #tellChanges(server: ProtocolServer, connection: McpConnection, subscribed: ReadonlySet<string> | undefined): void {
    const { log } = this.#workbench;
    const namesNow = (): string =>
      this.#offered(connection)
        .map(({ name }) => name)
        .join();
    let names = namesNow();
    const send = async (change: McpChange): Promise<void> => {
      if (change.kind === 'resources') await server.sendResourceListChanged();
      if (change.kind === 'resource' && (subscribed?.has(change.uri) ?? true)) await server.sendResourceUpdated({ uri: change.uri });
      if (change.kind !== 'tools' || namesNow() === names) return;
      names = namesNow();
      await server.sendToolListChanged();
    };
    const end = this.changes.listen((change) => {
      send(change).catch((error: unknown) => log.debug({ err: error }, 'a client could not be told of a change'));
    });
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- it is no event target
    server.onclose = end;
  }
}
