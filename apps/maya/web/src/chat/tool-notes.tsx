import type { ReactNode } from 'react';
import type { ToolNote } from './turn.ts';

/** What Maya did for a reply, a quiet card each. */
export function ToolNotes({ tools }: { readonly tools: readonly ToolNote[] }): ReactNode {
  if (tools.length === 0) return null;
  return (
    <ul className="tool-notes" aria-label="What was done">
      {tools.map((tool, index) => (
        <li key={`${index} ${tool.name}`} className="tool-note" data-status={tool.status}>
          {tool.status === 'error' && <span className="visually-hidden">Not done: </span>}
          {tool.summary}
        </li>
      ))}
    </ul>
  );
}
