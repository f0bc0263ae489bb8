import { crc32 } from 'node:zlib';
import { BETWEEN_PATCHES, type PatchRun } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { crc32Ascii, crc32Combine, crc32Counter } from './crc32-combine.ts';
import { changeKey } from './rows.ts';

/** Taken off each checksum: JSON of integers of 32 bits with a sign is parsed twice as fast as that of greater ones. */
const HALF = 0x80_00_00_00;

/** As one row: to make a row of each patch costs more than to parse it. */
const PATCHES = `SELECT '[' || group_concat(body, ?) || ']' AS text, json_group_array(seq) AS seqs, json_group_array(sum - ${HALF}) AS sums, min(def_version) AS defVersion, max(def_version) AS newest FROM change INDEXED BY change_by_version WHERE eid = ? AND state = ? AND version > ? AND version <= ? AND kind = 'patch'`;

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
 * The last changes of the range, if they are patches without a gap and without line ends, of one version of the definition, and all of them are sound; otherwise
 * undefined, and it is left to be seen row by row why.
 */
export function soundPatches(db: Connection, range: Range): PatchRun | undefined {
  const row = patchesTogether(db, range);
  if (!row) return undefined;
  const { text, defVersion } = row;
  const sums = JSON.parse(row.sums) as number[];
  return textSum(row, sums, range) === crc32(text) ? { version: range.upTo, count: sums.length, defVersion, text } : undefined;
}

/** What is no obstacle row by row may be one here: more than 512 MB of text, or a blob in the place of a number. */
function patchesTogether(db: Connection, { eid, state, after, upTo }: Range): PatchRow | undefined {
  try {
    const row = db.get<PatchRow | { text: null }>(PATCHES, BETWEEN_PATCHES, eid, state, after, upTo);
    return row && row.text !== null && row.defVersion === row.newest ? row : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The CRC-32 that the text must have, by the checksums of its patches: a checksum is the CRC of what identifies a change and of its body, so that the bodies' can be
 * computed from them. One CRC of a long text takes a fifth of what those of its pieces take. NaN when a checksum is none.
 */
function textSum({ text, seqs, defVersion }: PatchRow, sums: readonly number[], { eid, state, upTo }: Range): number {
  const first = upTo - sums.length + 1;
  const ofVersion = crc32Counter(crc32(changeKey.ofState(eid, state)));
  const rest = changeKey.ofKind(defVersion, 'patch');
  const end = crc32(rest);
  const isAscii = Buffer.byteLength(text) === text.length;
  let crc = crc32('[');
  let from = 1;
  let seqFrom = 1;
  for (let index = 0; index < sums.length; index += 1) {
    const sum = sums[index] as number;
    if ((sum | 0) !== sum) return Number.NaN;
    const isLast = index === sums.length - 1;
    const lineEnd = text.indexOf('\n', from);
    const to = isLast ? text.length - 1 : lineEnd - 1;
    const seqTo = isLast ? seqs.length - 1 : seqs.indexOf(',', seqFrom);
    const ofNumbers = crc32Ascii(crc32Ascii(ofVersion(first + index), changeKey.between), seqs, seqFrom, seqTo);
    const identity = crc32Combine(ofNumbers, end, rest.length);
    crc = crc32Combine(crc ^ identity, sum ^ HALF, isAscii ? to - from : Buffer.byteLength(text.slice(from, to)));
    crc = crc32Ascii(crc, isLast ? ']' : BETWEEN_PATCHES);
    from = lineEnd + 1;
    seqFrom = seqTo + 1;
  }
  return crc >>> 0;
}
