import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { detach, freezeJson, openDraft, patched, type Patch } from '../../../src/cow/index.ts';

interface Item {
  name: string;
  price: number;
}
type Value = { items: Item[]; note: string; total: number; nested: { deep: { list: number[] } } };

const items = ['Beer', 'Gin', 'Rum', 'Water'].map((name, index) => ({ name, price: index + 1 }));
const base: Value = { items, note: 'by the window, please', total: 0, nested: { deep: { list: [1, 2, 3] } } };
freezeJson(base);

function changed<T extends object = Value>(recipe: (draft: T) => unknown, from: object = base): { next: T; patches: readonly Patch[] } {
  const { draft, finish } = openDraft(from);
  recipe(draft as T);
  return finish() as { next: T; patches: readonly Patch[] };
}

describe('the patches of a draft', () => {
  it.each<[string, (draft: Value) => unknown, Patch[]]>([
    ['name what was set', (draft) => (draft.total = 5), [{ op: 'replace', path: ['total'], value: 5 }]],
    ['name what was set deep inside', (draft) => (draft.items[1]!.price = 7), [{ op: 'replace', path: ['items', 1, 'price'], value: 7 }]],
    ['put a pushed item at the end', (draft) => draft.items.push(beer()), [splice(4, 0, beer())]],
    ['take the first item out alone', (draft) => draft.items.shift(), [splice(0, 1)]],
    ['take the last item out alone', (draft) => draft.items.pop(), [splice(3, 1)]],
    ['put in at the front alone', (draft) => draft.items.unshift(beer()), [splice(0, 0, beer())]],
    [
      'take out several, from the end',
      (draft) => (draft.items = draft.items.filter(({ name }) => name === 'Gin')),
      [splice(2, 2), splice(0, 1)],
    ],
    [
      'take out at one end and put in at the other',
      (draft) => [draft.items.shift(), draft.items.push(beer())],
      [splice(4, 0, beer()), splice(0, 1)],
    ],
    [
      'take out at the end and put in at the front',
      (draft) => [draft.items.pop(), draft.items.unshift(beer())],
      [splice(3, 1), splice(0, 0, beer())],
    ],
    [
      'keep the middle when the ends change places',
      (draft) => [draft.items.push(draft.items.shift()!), draft.items.unshift(draft.items.splice(2, 1)[0]!)],
      [splice(3, 1, items[0]), splice(0, 1, items[3])],
    ],
    ['move one item, not all others', (draft) => draft.items.unshift(draft.items.pop()!), [splice(3, 1), splice(0, 0, items[3])]],
    ['make a text longer', (draft) => (draft.note += ' or at the bar'), [{ op: 'append', path: ['note'], value: ' or at the bar' }]],
    ['say nothing of a key set back', (draft) => [(draft.total = 5), (draft.total = 0)], []],
    ['say nothing of an equal value', (draft) => (draft.items = structuredClone(items)), []],
    [
      'name the difference of a replaced value',
      (draft) => (draft.nested = { deep: { list: [1, 2, 4] } }),
      [{ op: 'replace', path: ['nested', 'deep', 'list', 2], value: 4 }],
    ],
  ])('%s', (_what, recipe, patches) => {
    expect(changed(recipe).patches).toEqual(patches);
  });

  it('name the place that a changed item has after others moved', () => {
    const { patches } = changed((draft) => {
      draft.items[2]!.price = 9;
      draft.items.shift();
    });
    expect(patches).toEqual([splice(0, 1), { op: 'replace', path: ['items', 1, 'price'], value: 9 }]);
  });

  it('put a key last that was deleted and set again, whatever it was set to', () => {
    const counts = { a: 1, b: { inner: 2 }, c: 3 };
    freezeJson(counts);
    const readded = (value: (draft: { b?: unknown }) => unknown): { next: object; patches: readonly Patch[] } =>
      changed<{ b?: unknown }>((draft) => {
        const last = value(draft);
        delete draft.b;
        draft.b = last;
      }, counts);
    const remove: Patch = { op: 'remove', path: ['b'] };
    const results = [readded(({ b }) => b), readded(() => ({ inner: 2 })), readded(() => 4)];
    expect(results.map(({ next }) => JSON.stringify(next))).toEqual([
      '{"a":1,"c":3,"b":{"inner":2}}',
      '{"a":1,"c":3,"b":{"inner":2}}',
      '{"a":1,"c":3,"b":4}',
    ]);
    for (const { next, patches } of results) {
      expect(patches).toEqual([remove, { op: 'add', path: ['b'], value: (next as { b: unknown }).b }]);
      expect(JSON.stringify(patched(counts, patches))).toBe(JSON.stringify(next));
    }
  });

  it('put several keys that were deleted behind the others in the order in which they were set again', () => {
    const counts = { a: 1, b: 2, c: 3, d: 4 };
    freezeJson(counts);
    const { next, patches } = changed<Record<string, number>>((draft) => {
      for (const key of ['b', 'c']) delete draft[key];
      for (const key of ['c', 'e', 'b']) draft[key] = 0;
    }, counts);
    expect(JSON.stringify(next)).toBe('{"a":1,"d":4,"c":0,"e":0,"b":0}');
    expect(JSON.stringify(patched(counts, patches))).toBe(JSON.stringify(next));
  });

  it('are none when the last key is deleted and set again to what it was', () => {
    const counts = { a: 1, b: { inner: 2 } };
    freezeJson(counts);
    const { next, patches } = changed<{ b?: unknown }>((draft) => {
      delete draft.b;
      draft.b = { inner: 2 };
    }, counts);
    expect(patches).toEqual([]);
    expect(next).toBe(counts);
  });

  it('are few when one of a thousand items goes', () => {
    const many = { items: Array.from({ length: 1_000 }, (_, index) => ({ name: `Drink ${index}`, price: 1 })) };
    freezeJson(many);
    const { patches } = changed((draft) => {
      draft.items.splice(500, 1);
      draft.items.splice(10, 1);
    }, many);
    expect(patches).toEqual([splice(500, 1), splice(10, 1)]);
  });
});

describe('a draft', () => {
  it.each(['goes on', 'is drafted again'])('of a record of many keys is as plain code leaves it, however often the record %s', (way) => {
    type Stock = Record<string, { bottles: number }>;
    let stock = JSON.parse(
      JSON.stringify(Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`drink ${at}`, { bottles: at }]))),
    ) as Stock;
    let before = structuredClone(stock);
    freezeJson(stock);
    for (let turn = 0; turn < 50; turn += 1) {
      const recipe = (draft: Stock): void => {
        draft[`drink ${turn % 10}`] = { bottles: turn };
        draft['drink 20']!.bottles += 1;
        if (turn % 3 === 0) draft[`new ${turn}`] = { bottles: 1 };
        if (turn % 20 === 19) delete draft[`drink ${turn % 30}`];
      };
      const after = structuredClone(before);
      recipe(after);
      const { draft, finish } = openDraft(stock);
      recipe(draft as Stock);
      const { next, changed: node } = finish();
      expect(freezeJson(next, undefined, node)).toBeUndefined();
      expect(JSON.stringify(next)).toBe(JSON.stringify(after));
      expect(JSON.stringify(stock)).toBe(JSON.stringify(before));
      expect([Object.isFrozen(next), Object.getPrototypeOf(next)]).toEqual([true, Object.prototype]);
      if (way === 'goes on') [stock, before] = [next as Stock, after];
    }
  });

  it.each([3, 8, 9, 40])(
    'patches each of %i keys once, however often they are written, and leaves them in the order of plain code',
    (count) => {
      const keys = Array.from({ length: count }, (_, at) => `key ${at}`);
      const recipe = (draft: Record<string, number>): void => {
        for (const key of [...keys, ...keys.slice(0, 3)]) draft[key] = (draft[key] ?? 0) + 1;
        for (const key of ['key 1', 'key 2', 'key 1']) {
          delete draft[key];
          draft[key] = 7;
        }
      };
      const before = Object.fromEntries(keys.map((key) => [key, 0]));
      const after = { ...before };
      recipe(after);
      freezeJson(before);
      const { next, patches } = changed(recipe, before);
      expect(JSON.stringify(next)).toBe(JSON.stringify(after));
      expect(JSON.stringify(patched(before, patches))).toBe(JSON.stringify(after));
      // Those two are taken out first.
      expect(patches.filter(({ op }) => op !== 'remove').map(({ path }) => path[0])).toHaveLength(count);
    },
  );

  it('takes items at the end at once and one after the other', () => {
    const { next, patches } = changed((draft) => {
      expect(draft.items.push(beer(), beer())).toBe(6);
      expect(draft.items.push()).toBe(6);
      expect(draft.items.push({ ...beer(), price: 9 })).toBe(7);
    });
    expect(next.items.map(({ price }) => price)).toEqual([1, 2, 3, 4, beer().price, beer().price, 9]);
    expect(patches).toEqual([splice(4, 0, beer(), beer(), { ...beer(), price: 9 })]);
    expect(base.items).toHaveLength(4);
  });

  it('that changes more nodes than a value may be deep is refused only for what is no JSON, and says where', () => {
    const many = { items: Array.from({ length: 600 }, (_, price) => ({ name: 'Gin', price })), note: '' };
    freezeJson(many);
    const { draft, finish } = openDraft(many);
    for (const item of (draft as Value).items) item.price += 1;
    const { next, changed: node } = finish();
    expect(freezeJson(next, undefined, node)).toBeUndefined();
    const other = openDraft(many);
    for (const item of (other.draft as Value).items) item.price = item.price < 599 ? 0 : Number.NaN;
    const refused = other.finish();
    expect(freezeJson(refused.next, undefined, refused.changed)?.path).toEqual(['items', 599, 'price']);
  });

  it('that is refused leaves what was put into it as it was', () => {
    const [put, bad] = [beer(), { ...beer(), price: Number.NaN }];
    const { draft, finish } = openDraft(base);
    (draft as Value).items.push(put, bad);
    const { next, changed: node } = finish();
    expect(freezeJson(next, undefined, node)?.path).toEqual(['items', 5, 'price']);
    expect([Object.isFrozen(put), Object.isFrozen(bad)]).toEqual([false, false]);
  });

  it('follows an item to wherever it was put', () => {
    const { next } = changed((draft) => {
      const [gin] = draft.items.splice(1, 1);
      draft.items.push(gin!);
      gin!.price = 20;
    });
    expect(next.items.map(({ price }) => price)).toEqual([1, 3, 4, 20]);
    expect(base.items[1]!.price).toBe(2);
  });

  it('may be put into new values', () => {
    const { next } = changed<Record<string, unknown>>((draft) => {
      draft['menu'] = { favourite: (draft as unknown as Value).items[0], all: [...(draft as unknown as Value).items] };
      (draft as unknown as Value).items[0]!.price = 8;
    });
    expect(next['menu']).toEqual({ favourite: { name: 'Beer', price: 8 }, all: [{ name: 'Beer', price: 8 }, ...items.slice(1)] });
    expect(freezeJson(next)).toBeUndefined();
  });

  it('of one value may be put into another', () => {
    const [from, to] = [openDraft(base), openDraft(base)];
    (to.draft as Value).items.push((from.draft as Value).items[0]!);
    (from.draft as Value).items[0]!.price = 8;
    expect((to.finish().next as Value).items[4]).toEqual({ name: 'Beer', price: 8 });
    expect((from.finish().next as Value).items[0]).toEqual({ name: 'Beer', price: 8 });
  });

  it('put into itself is refused as a value that refers to itself', () => {
    const { next } = changed<Record<string, unknown>>(
      (draft) => void ((draft['nested'] as Record<string, unknown>)['self'] = draft['nested']),
    );
    expect(freezeJson(next)?.message).toContain('refers to itself');
  });

  it('gives callbacks what the recipe has made so far', () => {
    const { next } = changed((draft) => {
      draft.items[0]!.price = 100;
      draft.total = draft.items.reduce((sum, { price }) => sum + price, 0);
      draft.items.find(({ price }) => price === 100)!.name = 'Champagne';
      for (const item of draft.items.filter(({ price }) => price > 3)) item.price += 1;
    });
    expect([next.total, next.items[0], next.items[3]!.price]).toEqual([109, { name: 'Champagne', price: 101 }, 5]);
  });

  it('throws where a callback that only looks writes, instead of losing it', () => {
    expect(() => changed((draft) => draft.items.map((item) => (item.price = 0)))).toThrow(TypeError);
  });

  it('cannot be used after its recipe', () => {
    let kept: Value | undefined;
    changed((draft) => (kept = draft));
    expect(() => kept?.total).toThrow(TypeError);
    expect(() => kept!.items.push(beer())).toThrow(TypeError);
  });

  it('looks like the value that it stands for', () => {
    changed((draft) => {
      draft.total = 3;
      expect(Array.isArray(draft.items)).toBe(true);
      expect(Object.keys(draft)).toEqual(['items', 'note', 'total', 'nested']);
      expect('total' in draft && !('toString' in draft)).toBe(true);
      expect(JSON.stringify(draft)).toBe(JSON.stringify({ ...base, total: 3 }));
      expect({ ...draft.items[0] }).toEqual(items[0]);
      expect(inspect(draft)).toContain('total: 3');
      expect([...draft.items.entries()].length).toBe(4);
      expect(draft.items.slice(-1)[0]).toEqual(items[3]);
    });
  });

  it('outlives its recipe only as a value', () => {
    const { draft, finish } = openDraft(base);
    (draft as Value).items[0]!.price = 50;
    const returned = detach({ first: (draft as Value).items[0], rest: (draft as Value).nested });
    finish();
    expect(returned).toEqual({ first: { name: 'Beer', price: 50 }, rest: base.nested });
  });
});

describe('no prototype', () => {
  it.each<[string, (draft: Record<string, Record<string, Record<string, unknown>>>) => unknown]>([
    ['__proto__ of a record', (draft) => (draft['__proto__']!['polluted'] = {})],
    ['constructor of a record', (draft) => (draft['constructor']!['prototype']!['polluted'] = true)],
    ['an inherited method', (draft) => (draft['toString']!['constructor']!['polluted'] = true)],
    ['__proto__ of a list', (draft) => (draft['items']!['__proto__']!['polluted'] = true)],
    ['constructor of a list', (draft) => (draft['items']!['constructor']!['polluted'] = true)],
  ])('is reached through %s', (_what, recipe) => {
    expect(() => changed(recipe)).toThrow(TypeError);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(([] as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('is set by writing __proto__: the value is refused when it is checked', () => {
    const { next } = changed<Record<string, unknown>>((draft) => (draft['__proto__'] = { polluted: true }));
    expect(freezeJson(next)).toEqual({ path: ['__proto__'], message: 'the key is not allowed' });
    expect(next['polluted']).toBeUndefined();
  });

  it.each([
    ['defining a property', (draft: object) => Object.defineProperty(draft, 'total', { get: () => 1 })],
    ['setting a prototype', (draft: object) => Object.setPrototypeOf(draft, { polluted: true }) as object],
    ['freezing', (draft: object) => Object.freeze(draft)],
  ])('is changed by %s', (_what, recipe) => {
    expect(() => changed(recipe)).toThrow(TypeError);
  });
});

function beer(): Item {
  return { name: 'IPA', price: 6 };
}

function splice(index: number, remove: number, ...put: (Item | undefined)[]): Patch {
  return { op: 'splice', path: ['items'], index, remove, items: put };
}
