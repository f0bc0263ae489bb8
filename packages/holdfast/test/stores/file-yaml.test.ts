import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { parseState, printState } from '../../src/stores/file/state-text.ts';

const EDITED = `# What the bar looks like.
theme: dark # at night
limits:
  # per guest
  beer: 5

  gin: 0x2
tags: [ a, b ]
volume: 5
`;
const value = { theme: 'dark', limits: { beer: 5, gin: 2 }, tags: ['a', 'b'], volume: 5 };
const print = (next: unknown, like = EDITED): string => printState({ defVersion: 1, value: next }, 'yaml', like);

describe('YAML that somebody wrote', () => {
  test('keeps its comments and the order of its keys when values change', () => {
    const next = { volume: 7, theme: 'light', tags: ['a', 'b', 'c'], limits: { gin: 3, beer: 5, rum: 1 } };
    expect(print(next)).toBe(`# What the bar looks like.
theme: light # at night
limits:
  # per guest
  beer: 5

  gin: 3
  rum: 1
tags: [ a, b, c ]
volume: 7
`);
  });

  test('stays as it is when the value does', () => {
    expect(print(value)).toBe(EDITED);
  });

  test.each([
    ['lists as deep as their keys', 'a:\n- 1\nb:\n- x: 1\n  y: 2\n', 'a:\n- 1\n- 3\nb:\n- x: 1\n  y: 2\n'],
    ['deeper steps', 'b:\n    x:\n        y: 2\na:\n    - 1\n', 'b:\n    x:\n        y: 2\na:\n    - 1\n    - 3\n'],
    ['brackets without blanks', 'a: [1]\nb: {x: 1}\n', 'a: [1, 3]\nb: {x: 1}\n'],
  ])('keeps %s', (_what, like, expected) => {
    const read = parseState(like, 'yaml', 1).value as { a: number[] };
    expect(print({ ...read, a: [1, 3] }, like)).toBe(expected);
  });

  test.each([
    ['removed', [{ id: 2 }, { id: 3 }], '- id: 2 # two\n- id: 3 # three\n'],
    ['put in front', [{ id: 0 }, { id: 1 }, { id: 2 }, { id: 3 }], '- id: 0\n- id: 1 # one\n- id: 2 # two\n- id: 3 # three\n'],
    ['changed', [{ id: 1 }, { id: 5 }, { id: 3 }], '- id: 1 # one\n- id: 5 # two\n- id: 3 # three\n'],
  ])('keeps comments with their items when one is %s', (_what, list, expected) => {
    expect(print(list, '- id: 1 # one\n- id: 2 # two\n- id: 3 # three\n')).toBe(expected);
  });

  test('loses what was removed, and gains what was added', () => {
    expect(print({ theme: 'dark', volume: 5, muted: true })).toBe(
      '# What the bar looks like.\ntheme: dark # at night\nvolume: 5\nmuted: true\n',
    );
  });

  test('with aliases says the value all the same when what they stood for parts', () => {
    const aliased = 'a: &x { n: 1 }\nb: *x\n';
    expect(parseState(print({ a: { n: 2 }, b: { n: 1 } }, aliased), 'yaml', 1).value).toEqual({ a: { n: 2 }, b: { n: 1 } });
  });
});

describe('text of a state', () => {
  const json = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }).filter((any) => typeof any === 'object' && any !== null);
  // Keys that are refused, and negative zero, which JSON does not keep.
  const state = json.map((any) => JSON.parse(JSON.stringify(any)) as object).filter((any) => !JSON.stringify(any).includes('"__proto__"'));

  test.prop([state, state, fc.constantFrom('json' as const, 'yaml' as const), fc.constantFrom(1, 2)])(
    'is read as what was printed, over whatever was in the file before',
    (before, after, format, defVersion) => {
      const like = printState({ defVersion: 1, value: before }, format, undefined);
      const text = printState({ defVersion, value: after }, format, like);
      expect(parseState(text, format, 1).value).toEqual(after);
      expect(text.endsWith('\n')).toBe(true);
    },
  );

  test.each([
    ['json', '{\n  "a": 1,\n  "b": tru\n}', 3, 8],
    ['json', '{ "a": 1, }', 1, 11],
    ['json', '[1, 2', 1, 6],
    ['json', '{ "a": "x\ny" }', 1, 8],
    ['json', '', 1, 1],
    ['json', '{} {}', 1, 4],
    ['yaml', 'a: 1\nb: [1, 2\n', 3, 1],
    ['yaml', 'a: 1\na: 2\n', 2, 1],
    ['yaml', 'a: 1\n---\nb: 2\n', 2, 1],
    ['yaml', 'a: !secret x\n', 1, 4],
    ['yaml', 'a: *nothing\n', 1, 4],
  ] as const)('in %s that makes no sense is refused with its place: %j', (format, text, line, column) => {
    expect(() => parseState(text, format, 1)).toThrow(expect.objectContaining({ line, column }));
  });

  test.each([
    ['json', '{ "__proto__": { "isAdmin": true } }'],
    ['yaml', '__proto__: { isAdmin: true }'],
    ['yaml', 'a: .nan'],
    ['yaml', ''],
    ['json', '7'],
    ['json', `${'['.repeat(600)}${']'.repeat(600)}`],
    ['yaml', `${'['.repeat(6_000)}${']'.repeat(6_000)}`],
    [
      'yaml',
      `a: &a [x]\n${Array.from({ length: 9 }, (_, n) => `b${n}: &${'bcdefghij'[n]} [${Array(9).fill(`*${'abcdefghi'[n]}`).join(', ')}]`).join('\n')}`,
    ],
  ] as const)('that is hostile is refused: %s %s', (format, text) => {
    expect(() => parseState(text, format, 1)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^(?:is|has) /) as unknown }),
    );
  });
});
