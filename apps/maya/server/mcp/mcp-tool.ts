import type { Json } from 'holdfast';
import { z } from 'zod';
import type { MayaContext } from '../http/maya-context.ts';
import { Refusal } from '../refusal.ts';
import { SessionHandle } from '../session/session-handle.ts';
import type { Session } from '../session/session.ts';
import type { BarTool, ToolHints } from '../tools/bar-tool.ts';
import { misfit } from '../tools/run-tool.ts';
import type { McpAnswer } from './mcp-answer.ts';

/** A tool of the MCP server. */
export interface McpTool extends Pick<BarTool, 'name' | 'title' | 'description'> {
  readonly hints: ToolHints;
  /** Keys that it does not name are refused. */
  readonly input: z.ZodObject;
  /** @throws {Refusal} or {RequestRefusal} when it cannot be done. */
  run(given: unknown, server: McpPlace): Promise<McpAnswer>;
}

/** Where a call came in. */
export interface McpPlace {
  /** What links of the bar begin with. */
  readonly baseUrl: string;
}

export const HandleSchema = z.string().max(100).describe('The handle of the session, from open_session.');

/** Reads what a tool was given. @throws {Refusal} when it does not fit. */
export function readInput<Input extends z.ZodObject>(
  tool: { readonly input: Input } & Pick<BarTool, 'name' | 'invalidInput'>,
  given: unknown,
): z.output<Input> {
  const parsed = tool.input.safeParse(given);
  if (!parsed.success) throw misfit(tool, parsed.error);
  return parsed.data;
}

/** The session of a handle. @throws {Refusal} INVALID_SESSION when there is none. */
export async function sessionFor({ sessions }: Pick<MayaContext, 'sessions'>, handle: string): Promise<Session> {
  const found = await sessions.find(SessionHandle.read(handle)?.sessionId);
  if (typeof found === 'string') throw new Refusal('INVALID_SESSION', 'There is no session under this handle (any more).');
  return found;
}

/** Links of the bar itself are made whole: a client has no page that they could be relative to. */
export function withWholeLink(result: Json, { baseUrl }: McpPlace): Json {
  if (typeof result !== 'object' || result === null || !('link' in result) || typeof result.link !== 'string') return result;
  return { ...result, link: new URL(result.link, baseUrl).href };
}
