import type { TimelineEntry } from './timeline.ts';
import { aligned, visibleText, visibleTime, visibleVersions } from './visible-text.ts';

export interface RenderOptions {
  /** Epoch ms: times are shown as how long ago they were. Default: dates and times in UTC. */
  readonly now?: number;
}

/** A timeline as plain text, one entry a line: place in the log, time, what happened, who did it, and why. Checkpoints stand behind a ◆. */
export function renderTimeline(entries: readonly TimelineEntry[], { now }: RenderOptions = {}): string {
  return aligned(entries.map((entry) => [String(entry.seq), visibleTime(entry.at, now), whatOf(entry), whoOf(entry), whyOf(entry)]));
}

function whatOf(entry: TimelineEntry): string {
  return entry.kind === 'checkpoint' ? `◆ ${visibleText(entry.name)}` : visibleVersions(entry.versions);
}

function whoOf(entry: TimelineEntry): string {
  if (entry.kind === 'checkpoint') return '';
  const { actor, toolCall } = entry;
  return [actor ?? '', toolCall === undefined ? '' : `(${toolCall})`]
    .filter((part) => part !== '')
    .map((part) => visibleText(part))
    .join(' ');
}

function whyOf(entry: TimelineEntry): string {
  const [text, words] =
    entry.kind === 'checkpoint'
      ? [entry.description, entry.tags.map((tag) => `#${visibleText(tag)}`)]
      : [entry.cause, (entry.flags ?? []).map((flag) => `[${flag}]`)];
  return [...(text === undefined || text === '' ? [] : [visibleText(text)]), ...words].join(' ');
}
