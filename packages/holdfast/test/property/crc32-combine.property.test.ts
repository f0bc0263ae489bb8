import { fc, test } from '@fast-check/vitest';
import { crc32 } from 'node:zlib';
import { expect } from 'vitest';
import { crc32Ascii, crc32Combine, crc32Counter } from '../../src/stores/sqlite/crc32-combine.ts';

const bytes = fc.uint8Array({ maxLength: 5_000, size: 'max' });
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 100 });

test.prop([bytes, bytes])('the checksum of two texts in a row is combined from theirs', (first, second) => {
  expect(crc32Combine(crc32(first), crc32(second), second.length) >>> 0).toBe(crc32(Buffer.concat([first, second])));
});

test.prop([bytes, ascii])('the checksum of a text goes on with what follows it', (first, rest) => {
  expect(crc32Ascii(crc32(first), rest) >>> 0).toBe(crc32(Buffer.concat([first, Buffer.from(rest)])));
});

test.prop([bytes, ascii, fc.nat(100), fc.nat(100)])('the checksum of a text goes on with a part of another', (first, rest, from, to) => {
  expect(crc32Ascii(crc32(first), rest, from, Math.min(to, rest.length)) >>> 0).toBe(
    crc32(Buffer.concat([first, Buffer.from(rest.slice(from, Math.max(from, to)))])),
  );
});

test.prop([bytes, fc.nat()])('the checksum of a text goes on with numbers that follow one another', (first, start) => {
  const ofNumber = crc32Counter(crc32(first));
  for (let number = start; number < start + 25; number += 1)
    expect(ofNumber(number) >>> 0).toBe(crc32(Buffer.concat([first, Buffer.from(String(number))])));
});
