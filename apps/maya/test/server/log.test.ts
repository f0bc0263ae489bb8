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
