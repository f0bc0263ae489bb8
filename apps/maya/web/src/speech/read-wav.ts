/** One channel of sound. */
export interface Sound {
  readonly sampleRate: number;
  /** From -1 to 1. */
  readonly samples: Float32Array<ArrayBuffer>;
}

/** The format tag of samples that are floats. */
const IEEE_FLOAT = 3;
/** The lengths of the file's and of a chunk's header. */
const [FILE_HEADER_BYTES, CHUNK_HEADER_BYTES] = [12, 8];

/**
 * Reads a WAV file of 32-bit floats in one channel, which not every browser decodes itself. A file that was streamed says it is longer than it
 * is, so its sound goes to its end. Null for any other file.
 */
export function readWav(bytes: Uint8Array): Sound | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nameAt = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < FILE_HEADER_BYTES || nameAt(0) !== 'RIFF' || nameAt(8) !== 'WAVE') return null;
  let sampleRate: number | undefined;
  for (let at = FILE_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= bytes.length;) {
    const name = nameAt(at);
    const start = at + CHUNK_HEADER_BYTES;
    const end = Math.min(start + view.getUint32(at + 4, true), bytes.length);
    if (name === 'fmt ' && end - start >= 16) {
      const isMonoFloat = view.getUint16(start, true) === IEEE_FLOAT && view.getUint16(start + 2, true) === 1;
      if (!isMonoFloat || view.getUint16(start + 14, true) !== 32) return null;
      sampleRate = view.getUint32(start + 4, true);
    }
    if (name === 'data') return sampleRate === undefined ? null : { sampleRate, samples: readFloats(view, start, end) };
    at = end + ((end - start) % 2); // chunks begin at even places
  }
  return null;
}

function readFloats(view: DataView, start: number, end: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: Math.floor((end - start) / 4) }, (_sample, index) => view.getFloat32(start + index * 4, true));
}
