import type { ChatMessage } from '../cursor/chat-content.ts';
import type { ChatSession } from './workspace-views.ts';

/** What another conversation needs to know to go on with a session. */
export interface SessionContext {
  readonly session: ChatSession;
  /** Tool modules that it is offered. */
  readonly tools: readonly string[];
  /** What was said, when Cursor has it. */
  readonly messages: readonly ChatMessage[];
}

/** The context for people and models to read. What was said is fenced, so that nothing of it is taken for a part of the document. */
export function contextAsMarkdown({ session, tools, messages }: SessionContext): string {
  const facts: readonly (readonly [string, string | null])[] = [
    ['Session', session.sessionId],
    ['Workspace', session.workspaceUri],
    ['Project', session.project],
    ['Persona', session.persona],
    ['Issues', session.issueKeys.join(', ')],
    ['Branch', session.branch],
    ['Tools', tools.join(', ')],
    ['Last used', session.updatedAt],
  ];
  const calls = session.activity.slice(-20).map(({ at, tool }) => `- ${at} ${inLine(tool)}`);
  const parts = [
    `# ${inLine(session.name ?? 'Session without a name')}`,
    facts.flatMap(([name, value]) => (value ? [`- ${name}: ${inLine(value)}`] : [])).join('\n'),
    ...(calls.length > 0 ? ['## Last tool calls', calls.join('\n')] : []),
    ...(messages.length > 0 ? ['## What was said', ...messages.map(quoted)] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function quoted({ role, text }: ChatMessage): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `**${role === 'user' ? 'User' : 'Assistant'}**\n\n${fence}\n${text}\n${fence}`;
}

function inLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
