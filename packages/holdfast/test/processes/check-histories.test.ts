import { describe, expect, it } from 'vitest';
import { checkLists } from '../support/histories/check-lists.ts';
import { findCircle } from '../support/histories/check-transactions.ts';
import { readRecorded, type History, type Operation } from '../support/histories/history.ts';

type Part = Partial<Operation> & Pick<Operation, 'id'>;

/** Operations one after the other unless they say when; lists that are not given are empty. */
function history(final: Partial<History['final']>, ...parts: readonly Part[]): History {
  const operations = parts.map((part, index): Operation => ({
    appends: [],
    saw: {},
    outcome: 'done',
    invokedAt: index * 10,
    returnedAt: index * 10 + 5,
    ...part,
  }));
  return { operations, final: { a: [], b: [], c: [], d: [], ...final } };
}

/** Over all the time that the others take. */
const WHILE = { invokedAt: -1, returnedAt: 1_000 };

describe('the check of a list by itself', () => {
  it('finds nothing wrong with operations that follow one another, or of which some were refused or never heard of', () => {
    const fine = history(
      { a: ['1', '2', 'lost'] },
      { id: '1', appends: ['a'], saw: { a: [] } },
      { id: 'look', saw: { a: ['1'] } },
      { id: '2', appends: ['a'], saw: { a: ['1'] } },
      { id: 'no', appends: ['a'], outcome: 'refused' },
      { id: 'lost', appends: ['a'], outcome: 'unknown' },
      { id: 'gone', appends: ['a'], outcome: 'unknown' },
    );
    expect(checkLists(fine)).toEqual([]);
    expect(findCircle(fine)).toBeUndefined();
  });

  it.each<[string, History, RegExp]>([
    [
      'a lost update',
      history({ a: ['2'] }, { id: '1', appends: ['a'], saw: { a: [] } }, { id: '2', appends: ['a'], saw: { a: [] } }),
      /1 was acknowledged and is not in a/,
    ],
    ['one that was written twice', history({ a: ['1', '1'] }, { id: '1', appends: ['a'], outcome: 'unknown' }), /a has 1 2 times/],
    [
      'one that was refused and written',
      history({ a: ['1'] }, { id: '1', appends: ['a'], outcome: 'refused' }),
      /1 was refused and is in a/,
    ],
    ['one that nobody wrote', history({ a: ['1'] }), /nobody appended/],
    [
      'a value that never was',
      history(
        { a: ['1', '2'] },
        { id: '1', appends: ['a'], saw: { a: [] } },
        { id: '2', appends: ['a'], saw: { a: ['1'] } },
        { id: 'look', ...WHILE, saw: { a: ['2'] } },
      ),
      /look saw in a/,
    ],
    [
      'an append elsewhere than it saw',
      history(
        { a: ['1', '2'] },
        { id: '1', ...WHILE, appends: ['a'], saw: { a: [] } },
        { id: '2', ...WHILE, appends: ['a'], saw: { a: [] } },
      ),
      /2 is not in a where/,
    ],
    [
      'a stale read',
      history({ a: ['1'] }, { id: '1', appends: ['a'], saw: { a: [] } }, { id: 'look', saw: { a: [] } }),
      /look began after 1 had ended/,
    ],
    [
      'appends out of their order in time',
      history({ a: ['2', '1'] }, { id: '1', appends: ['a'], saw: { a: ['2'] } }, { id: '2', appends: ['a'], saw: { a: [] } }),
      /2 began after 1 had ended/,
    ],
  ])('finds %s', (_what, wrong, problem) => {
    expect(checkLists(wrong).join('\n')).toMatch(problem);
  });
});

describe('the check of transactions', () => {
  it('finds write skew, which no list shows by itself', () => {
    const skew = history(
      { a: ['1'], b: ['2'] },
      { id: '1', ...WHILE, appends: ['a'], saw: { a: [], b: [] } },
      { id: '2', ...WHILE, appends: ['b'], saw: { a: [], b: [] } },
    );
    expect(checkLists(skew)).toEqual([]);
    expect(findCircle(skew)?.toSorted()).toEqual(['1', '2']);
  });

  it('finds a look at two lists of which one is older than the other', () => {
    const torn = history(
      { a: ['1'], b: ['1'] },
      { id: '1', ...WHILE, appends: ['a', 'b'], saw: { a: [], b: [] } },
      { id: 'look', ...WHILE, saw: { a: ['1'], b: [] } },
    );
    expect(checkLists(torn)).toEqual([]);
    expect(findCircle(torn)?.toSorted()).toEqual(['1', 'look']);
  });

  it('finds an order against time over several lists', () => {
    const early = history({ a: ['1'] }, { id: '1', appends: ['a'], saw: { a: [] } }, { id: 'look', saw: { a: [] } });
    expect(findCircle(early)).toContain('look');
  });
});

it('an operation that has begun and not ended is unknown, and so is the time of one that nobody knows the end of', () => {
  const begin = { id: 'p.1', appends: ['a'], invokedAt: 1 };
  const end = { id: 'p.1', outcome: 'unknown', saw: {}, returnedAt: 2 };
  const unknown = { ...begin, outcome: 'unknown', saw: {} };
  expect(readRecorded([JSON.stringify({ begin })])).toEqual([unknown]);
  expect(readRecorded([JSON.stringify({ begin }), JSON.stringify({ end })])).toEqual([unknown]);
});
