import { expect, it } from 'vitest';
import { makeLog } from '../../server/log.ts';

it('the log takes keys out and shortens session ids, wherever they stand', () => {
  const lines: string[] = [];
  const log = makeLog('info', { write: (line) => void lines.push(line) });
  const error = Object.assign(new Error('The lease turn of conversation:AbCdEfGhIjKlMnOpQrStUv passed on.'), {
    data: { key: 'AIzaSyA1234567890abcdef' },
  });

  log.error({ err: error, headers: { authorization: 'Bearer abc.def-123' } }, 'with sk_live_abc123 and sk_test_def456');

  const [line] = lines;
  for (const secret of ['AIza', 'abc.def-123', 'abc123', 'def456', 'AbCdEfGhIjKlMnOpQrStUv']) expect(line).not.toContain(secret);
  expect(line).toContain('conversation:AbCdEf…');
});

it.each([
  ['in a message', 'AIzaSyA1234567890abcdef was refused'],
  ['in a word', 'key=AIzaSyA1234567890abcdef;'],
  ['in an address', 'https://example.org/v1?key=AIzaSyA1234567890abcdef&alt=sse'],
  ['in a header', 'Authorization: Bearer AIzaSyA1234567890abcdef'],
  ['in JSON within a text', '{"authorization":"bearer AIzaSyA1234567890abcdef"}'],
  ['of Stripe', 'sk_live_AIzaSyA1234567890abcdef, rk_test_AIzaSyA1234567890abcdef'],
  ['of Cartesia', 'sk_car_AIzaSyA1234567890abcdef'],
  ['of a database', 'postgres://maya:p@ss/SyA1234567890abcdef@db:5432/bar'],
  ['of a database, as a parameter', 'postgresql://db/bar?user=maya&password=SyA1234567890abcdef&ssl=true'],
  ['of a webhook', 'whsec_AIzaSyA1234567890abcdef'],
])('the log takes a key out that stands %s', (_where, text) => {
  const lines: string[] = [];
  makeLog('info', { write: (line) => void lines.push(line) }).info({ nested: { list: [text] } }, text);
  expect(lines.join()).not.toContain('SyA1234567890abcdef');
  expect(JSON.parse(lines[0]!)).toBeTypeOf('object');
});
