import { describe, expect, it } from 'vitest';
import { applyPatches, type Patch } from '../../../src/cow/index.ts';

const applied = (root: unknown, ...patches: Patch[]): unknown => {
  applyPatches(root, patches);
  return root;
};

describe('patches', () => {
  it.each<[string, unknown, Patch, unknown]>([
    ['add inserts into an array', [1, 3], { op: 'add', path: [1], value: 2 }, [1, 2, 3]],
    ['remove closes the gap in an array', [1, 2, 3], { op: 'remove', path: [1] }, [1, 3]],
    ['replace sets an element', [1, 2], { op: 'replace', path: [0], value: 9 }, [9, 2]],
    [
      'splice takes out and puts in',
      { l: [1, 2, 3, 4] },
      { op: 'splice', path: ['l'], index: 1, remove: 2, items: [8, 9, 10] },
      { l: [1, 8, 9, 10, 4] },
    ],
    ['splice works on a list that is the whole value', [1], { op: 'splice', path: [], index: 1, remove: 0, items: [2] }, [1, 2]],
    ['append makes a text longer', { t: 'abc' }, { op: 'append', path: ['t'], value: 'def' }, { t: 'abcdef' }],
    ['append works on an item', ['abc'], { op: 'append', path: [0], value: 'd' }, ['abcd']],
    ['add and remove work on keys', { a: { b: 1 } }, { op: 'add', path: ['a', 'c'], value: 2 }, { a: { b: 1, c: 2 } }],
    ['remove deletes a key', { a: 1, b: 2 }, { op: 'remove', path: ['a'] }, { b: 2 }],
  ])('%s', (_what, root, patch, expected) => {
    expect(applied(root, patch)).toEqual(expected);
  });

  it.each<[string, unknown, Patch]>([
    ['an empty path', {}, { op: 'replace', path: [], value: 1 }],
    ['a path that leads nowhere', { a: 1 }, { op: 'replace', path: ['b', 'c'], value: 1 }],
    ['a path through an inherited property', {}, { op: 'add', path: ['constructor', 'x'], value: 1 }],
    ['an index outside of the array', [1], { op: 'add', path: [5], value: 1 }],
    ['an index that is no number', [1], { op: 'add', path: ['x'], value: 1 }],
    ['the length as an index', [1, 2, 3], { op: 'replace', path: ['length'], value: 1 }],
    ['a splice beyond the end', [1], { op: 'splice', path: [], index: 1, remove: 1, items: [] }],
    ['a splice of what is no list', { a: {} }, { op: 'splice', path: ['a'], index: 0, remove: 0, items: [1] }],
    ['an append to what is no text', { a: 1 }, { op: 'append', path: ['a'], value: 'b' }],
    ['an append to nothing', {}, { op: 'append', path: ['toString'], value: 'b' }],
  ])('refuses %s', (_what, root, patch) => {
    expect(() => applied(root, patch)).toThrow(TypeError);
  });
});
