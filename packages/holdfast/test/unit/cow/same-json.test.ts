import { expect, test } from 'vitest';
import { isSameJson } from '../../../src/cow/index.ts';

const parsed = (text: string): unknown => JSON.parse(text);

test.each([
  ['[1, "a", null, {"b": [true]}]', '[1, "a", null, {"b": [true]}]'],
  ['{"a": 1, "b": {}}', '{"b": {}, "a": 1}'],
  ['{"__proto__": {"a": 1}}', '{"__proto__": {"a": 1}}'],
  ['{"constructor": {"a": 1}}', '{"constructor": {"a": 1}}'],
])('%s is the same as %s', (a, b) => {
  expect([isSameJson(parsed(a), parsed(b)), isSameJson(parsed(b), parsed(a))]).toEqual([true, true]);
});

test.each([
  ['{"a": 1}', '{"a": 2}'],
  ['{"a": 1}', '{"b": 1}'],
  ['{"a": 1}', '{"a": 1, "b": 1}'],
  ['{"a": {"b": 1}}', '{"a": {"b": "1"}}'],
  ['[1]', '[1, 1]'],
  ['[1, 2]', '[2, 1]'],
  ['[]', '{}'],
  ['{"constructor": 1}', '{"constructor": 2}'],
  ['null', '{}'],
  ['{"__proto__": {}}', '{"a": {}}'],
])('%s is another than %s', (a, b) => {
  expect([isSameJson(parsed(a), parsed(b)), isSameJson(parsed(b), parsed(a))]).toEqual([false, false]);
});

test('a key without a value is not the same as no key', () => {
  expect(isSameJson({ a: undefined }, { b: undefined })).toBe(false);
  expect(isSameJson({ a: undefined }, {})).toBe(false);
  expect(isSameJson([undefined], [null])).toBe(false);
});

test('an instance of a class is the same as what it says itself, and as nothing that only looks like it', () => {
  class Point {
    readonly x = 1;
    equals(other: unknown): boolean {
      return other instanceof Point;
    }
  }
  expect(isSameJson([new Point()], [new Point()])).toBe(true);
  expect(isSameJson(new Date(0), new Date(0))).toBe(false);
  expect([isSameJson(new Point(), { x: 1 }), isSameJson({ x: 1 }, new Point())]).toEqual([false, false]);
});
