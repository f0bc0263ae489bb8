import { describe, expect, it } from 'vitest';
import { checkMessage, MAX_MESSAGE_LENGTH } from '../../web/src/chat/message-check.ts';
import { makeMessageId } from '../../web/src/chat/message-id.ts';

describe('a message', () => {
  it.each(['', '   ', '\n\t'])('of white space only (%j) is not sent', (typed) => {
    expect(checkMessage(typed)).toEqual({ isFit: false, reason: 'empty' });
  });

  it('is sent without the white space around it', () => {
    expect(checkMessage('  a beer\nplease \n')).toEqual({ isFit: true, text: 'a beer\nplease' });
  });

  it('may have 2,000 characters and not one more', () => {
    expect(MAX_MESSAGE_LENGTH).toBe(2000);
    expect(checkMessage(` ${'x'.repeat(2000)} `).isFit).toBe(true);
    expect(checkMessage('x'.repeat(2001))).toEqual({ isFit: false, reason: 'too-long' });
  });
});

describe('the id of a message', () => {
  it('is a random UUID, another one each time', () => {
    const ids = Array.from({ length: 100 }, makeMessageId);
    expect(new Set(ids).size).toBe(100);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});
