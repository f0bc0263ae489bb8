/** A WAV file of one channel of 32-bit floats, as Cartesia streams it: the lengths in its header are not known yet. */
export function wavOf(samples: Float32Array, sampleRate: number, { isStreamed = true } = {}): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(44 + samples.length * 4);
  const view = new DataView(bytes.buffer);
  const unknown = 0xff_ff_ff_ff;
  bytes.set(new TextEncoder().encode('RIFF    WAVEfmt '));
  view.setUint32(4, isStreamed ? unknown : bytes.length - 8, true);
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true); // IEEE float
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 4, true);
  view.setUint16(32, 4, true);
  view.setUint16(34, 32, true);
  bytes.set(new TextEncoder().encode('data'), 36);
  view.setUint32(40, isStreamed ? unknown : samples.length * 4, true);
  samples.forEach((sample, index) => view.setFloat32(44 + index * 4, sample, true));
  return bytes;
}
