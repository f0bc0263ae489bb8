// A schema is anything that speaks Standard Schema: zod, valibot, arktype, or, as here, a few lines of one's own.
import assert from 'node:assert/strict';
import { defineState, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';

interface Shelf {
  bottles: Record<string, number>;
}

/** Says what does not fit and where; gives the value back unchanged when all of it does. */
const ShelfSchema = {
  '~standard': {
    version: 1,
    vendor: 'bar',
    validate: (value: unknown) => {
      const { bottles, ...others } = Object(value) as Partial<Shelf>;
      if (typeof bottles !== 'object' || bottles === null) return { issues: [{ path: ['bottles'], message: 'must be an object' }] };
      const issues = [
        ...Object.keys(others).map((key) => ({ path: [key], message: 'is not known here' })),
        ...Object.entries(bottles)
          .filter(([, count]) => !Number.isSafeInteger(count) || count < 0)
          .map(([name]) => ({ path: ['bottles', name], message: 'must be a whole number from 0 up' })),
      ];
      return issues.length > 0 ? { issues } : { value: value as Shelf };
    },
  },
} as const;

const ShelfState = defineState({ name: 'shelf', scope: 'team', schema: ShelfSchema, initial: { bottles: {} } });

await using state = await StateManager.open({ store: memory() });
const shelf = await state.team('bar').get(ShelfState);

await shelf.update((draft) => void (draft.bottles['gin'] = 3));
assert.deepEqual(shelf.current, { bottles: { gin: 3 } });
console.log('accepted:', shelf.current.bottles);

const emptied = shelf.update((draft) => void (draft.bottles['gin'] = -1));
await assert.rejects(emptied, {
  code: 'VALIDATION_FAILED',
  data: {
    entity: 'team:bar',
    state: 'shelf',
    issues: [{ path: ['bottles', 'gin'], message: 'must be a whole number from 0 up' }],
  },
});
assert.equal(shelf.current.bottles['gin'], 3);
console.log('refused: bottles.gin must be a whole number from 0 up');

// What comes out must be what went in: a schema that fills in or converts would store something that nobody computed.
const Coercing = { '~standard': { version: 1, vendor: 'bar', validate: () => ({ value: { bottles: { gin: 1 } } }) } } as const;
assert.throws(() => defineState({ name: 'other', scope: 'team', schema: Coercing, initial: { bottles: { gin: 2 } } }), {
  code: 'VALIDATION_FAILED',
});
console.log('a schema that changes its value: refused');
