import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineMethod } from '../../methods/method.ts';
import { MethodTable } from '../../methods/method-table.ts';

const double = defineMethod({
  name: 'double',
  title: 'Double',
  description: 'Doubles a number.',
  input: { number: z.number() },
  hints: { readOnly: true },
  run: ({ number }) => number * 2,
});

test('a method runs with the input that its schema admits', async () => {
  await expect(new MethodTable([double]).call('double', { number: 21 })).resolves.toBe(42);
});

test('an unknown name is refused with the names that there are', async () => {
  await expect(new MethodTable([double]).call('triple', {})).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('double') as string,
  });
});

test.each([{ number: 'two' }, {}, { number: 2, more: 1 }, null])(
  'input that does not fit is refused before the method runs: %j',
  async (input) => {
    await expect(new MethodTable([double]).call('double', input)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  },
);

test('two methods of one name are a mistake of the program', () => {
  expect(() => new MethodTable([double, double])).toThrow('same name');
});
