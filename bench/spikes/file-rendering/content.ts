import { createHash } from 'node:crypto';

/** What a state of a version looks like in its file: about `bytes` of JSON that says itself whether it is whole. */
export function renderContent(version: number, bytes: number): { readonly text: string; readonly hash: string } {
  const line = `version ${version} `;
  const lines = Array.from({ length: Math.ceil(bytes / (line.length + 10)) }, () => line);
  const text = `${JSON.stringify({ version, lines, end: version }, null, 2)}\n`;
  return { text, hash: createHash('sha256').update(text).digest('hex') };
}

/** The version of a file's content. Throws when it is cut short or mixed of two versions. */
export function versionOf(text: string): number {
  const { version, lines, end } = JSON.parse(text) as { version: number; lines: string[]; end: number };
  if (version !== end || lines.some((line) => line !== `version ${version} `)) throw new Error(`a mixture: ${version} and ${end}`);
  return version;
}
