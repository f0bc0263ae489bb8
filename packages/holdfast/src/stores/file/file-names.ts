import { GLOBAL_ID } from '../../scope/index.ts';

/** Which state a file shows. */
export interface StateAddress {
  readonly scope: string;
  readonly id: string;
  readonly state: string;
}

export const EXTENSION = { json: '.json', yaml: '.yaml' } as const;
/** How the files of a directory are written. */
export type FileFormat = keyof typeof EXTENSION;

/** A name in a path has at most 255 bytes, and a temporary file adds some to it; longer names go on in a directory below. */
const PIECES = /.{1,180}/g;
/** The name that has no letters; no byte is written like that. */
const EMPTY = '%-';
/** What Windows takes for a device, whatever the extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/;
/** A dot that is first or last, or that makes a name look like a file of the store's own. */
const MISLEADING_DOT = /^\.|\.(?=(?:(?:json|yaml|conflict-\d+))?$)/g;

/**
 * The path of a state's file below the directory, with `/` in it: `conversation/anna/tab.json`. Each name becomes lower-case letters, digits, `-`, `_` and
 * dots; other bytes of its UTF-8 are `%` and two digits. So two names never meet in one file, on disks that fold case or Unicode either.
 */
export function statePath({ scope, id, state }: StateAddress, format: FileFormat): string {
  const entity = scope === 'global' && id === GLOBAL_ID ? encodeName(scope) : [...encodeName(scope), ...encodeName(id)];
  return `${[...entity, ...encodeName(state)].join('/')}${EXTENSION[format]}`;
}

/** Which state a path made by {@link statePath} shows; undefined for any other path. */
export function stateAt(path: string, format: FileFormat): StateAddress | undefined {
  if (!path.endsWith(EXTENSION[format])) return undefined;
  const names = decodeNames(path.slice(0, -EXTENSION[format].length).split('/'));
  const [scope, second, third] = names ?? [];
  if (scope === undefined || second === undefined || names?.length !== (third === undefined ? 2 : 3)) return undefined;
  const address = third === undefined ? { scope, id: GLOBAL_ID, state: second } : { scope, id: second, state: third };
  return statePath(address, format) === path ? address : undefined;
}

/** The format that a path's extension says. */
export function formatOf(path: string, otherwise: FileFormat): FileFormat {
  if (path.endsWith(EXTENSION.json)) return 'json';
  return /\.ya?ml$/.test(path) ? 'yaml' : otherwise;
}

function encodeName(name: string): readonly string[] {
  const encoded = encodeBytes(name).replaceAll(MISLEADING_DOT, '%2e');
  const [first = EMPTY, ...more] =
    (DEVICE.test(encoded) ? `%${hex(encoded.charCodeAt(0))}${encoded.slice(1)}` : encoded).match(PIECES) ?? [];
  const pieces = [first, ...more.map((piece) => `%${piece}`)];
  return pieces.map((piece, index) => (index < pieces.length - 1 ? `${piece}%` : piece));
}

function encodeBytes(name: string): string {
  return Array.from(Buffer.from(name), (byte) => {
    const character = String.fromCharCode(byte);
    return /[a-z\d._-]/.test(character) ? character : `%${hex(byte)}`;
  }).join('');
}

/** Puts pieces of long names together again and decodes each name. */
function decodeNames(segments: readonly string[]): readonly string[] | undefined {
  const names: string[] = [];
  let begun = '';
  for (const segment of segments) {
    const piece = begun === '' ? segment : begun + segment.slice(1);
    begun = piece.endsWith('%') ? piece.slice(0, -1) : '';
    if (begun !== '') continue;
    const name = decodeBytes(piece);
    if (name === undefined) return undefined;
    names.push(name);
  }
  return begun === '' ? names : undefined;
}

function decodeBytes(encoded: string): string | undefined {
  if (encoded === EMPTY) return '';
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
