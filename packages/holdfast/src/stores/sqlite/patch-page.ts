import { crc32 } from 'node:zlib';
import type { Change } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { crc32Ascii, crc32Combine } from './crc32-combine.ts';
import { changeKey } from './rows.ts';

/** Between the patches of a page: it is in no JSON text. */
const RECORD_SEPARATOR = '\u001E';

/** As one row: to make a row of each patch costs more than to parse it. */
const PATCHES =
  "SELECT group_concat(body, char(30)) AS text, json_group_array(seq) AS seqs, json_group_array(sum) AS sums, min(def_version) AS defVersion, max(def_version) AS newest FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ? AND version > ? AND version <= ? AND kind = 'patch'";

interface PatchRow {
  readonly text: string;
  readonly seqs: string;
  readonly sums: string;
  /** The least and the greatest version of the definition. */
  readonly defVersion: number;
  readonly newest: number;
}

interface Range {
  readonly eid: number;
  readonly state: string;
  readonly after: number;
  readonly upTo: number;
}

/**
 * The last changes of the range, if they are patches without a gap, of one version of the definition, and all of them are sound; otherwise none, and it is
 * left to be seen row by row why.
 */
export function soundPatches(db: Connection, range: Range): readonly Change[] {
  const row = patchesTogether(db, range);
  if (!row) return [];
  const { eid, state, upTo } = range;
  const { defVersion } = row;
  const bodies = row.text.split(RECORD_SEPARATOR);
  const first = upTo - bodies.length + 1;
  if (textSum(row, bodies, { eid, state, first }) !== crc32(row.text)) return [];
  return bodies.map((body, index): Change => ({ eid, state, version: first + index, defVersion, kind: 'patch', body }));
}

/** What is no obstacle row by row may be one here: more than 512 MB of text, or a blob in the place of a number. */
function patchesTogether(db: Connection, { eid, state, after, upTo }: Range): PatchRow | undefined {
  try {
    const row = db.get<PatchRow | { text: null }>(PATCHES, eid, state, after, upTo);
    return row && row.text !== null && row.defVersion === row.newest ? row : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The CRC-32 that the text must have, by the checksums of its patches: a checksum is the CRC of what identifies a change and of its body, so that the bodies' can be
 * computed from them. One CRC of a long text takes a fifth of what those of its pieces take. NaN when any is none.
 */
function textSum(row: PatchRow, bodies: readonly string[], { eid, state, first }: { eid: number; state: string; first: number }): number {
  const seqs = JSON.parse(row.seqs) as number[];
  const sums = JSON.parse(row.sums) as number[];
  if (!sums.every((sum) => sum >>> 0 === sum)) return Number.NaN;
  const start = crc32(changeKey.ofState(eid, state));
  const rest = changeKey.ofKind(row.defVersion, 'patch');
  const end = crc32(rest);
  const isAscii = Buffer.byteLength(row.text) === row.text.length;
  let crc = 0;
  for (let index = 0; index < bodies.length; index += 1) {
    const body = bodies[index] as string;
    const identity = crc32Combine(crc32Ascii(start, changeKey.ofVersion(first + index, seqs[index] as number)), end, rest.length);
    const before = index === 0 ? crc : crc32Ascii(crc, RECORD_SEPARATOR);
    crc = crc32Combine(before ^ identity, sums[index] as number, isAscii ? body.length : Buffer.byteLength(body));
  }
  return crc >>> 0;
}
