/** Whom a server talks to: one connection, or one request that says whose it is. */
export interface McpConnection {
  /** The session by whose persona tools are offered, and which is told of the tools that are called. */
  sessionId: string | undefined;
}

/** The session that a tool has begun or gone to, if that is what it did. */
export function sessionEntered(tool: string, result: unknown): string | undefined {
  if (tool !== 'session_start' && tool !== 'session_switch') return undefined;
  const session = field(result, 'session') ?? result;
  const id = field(session, 'sessionId');
  return typeof id === 'string' ? id : undefined;
}

/** The session that a call speaks of. */
export function sessionNamed(input: unknown): string | undefined {
  const id = field(input, 'session_id');
  return typeof id === 'string' ? id : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}
