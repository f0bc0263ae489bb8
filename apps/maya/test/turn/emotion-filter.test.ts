import { test, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { EmotionFilter } from '../../server/turn/emotion-filter.ts';

function filtered(...pieces: string[]): { shown: string[]; text: string; emotion: string } {
  const filter = new EmotionFilter();
  const shown = [...pieces.map((piece) => filter.push(piece)), filter.end()];
  return { shown, text: filter.text, emotion: filter.emotion };
}

describe('the emotion tag', () => {
  it.each([
    ['Cheers! [STATE: happy]', 'Cheers!', 'happy'],
    ['[STATE: mixing] Coming up.', 'Coming up.', 'mixing'],
    ['One [STATE: upset] two [STATE: happy]', 'One two', 'upset'],
    ['[state:thinking]Hm.', 'Hm.', 'thinking'],
    ['No tag at all.', 'No tag at all.', 'neutral'],
    ['Odd. [STATE: furious]', 'Odd.', 'neutral'],
    ['A list [1] and [STATE of things]', 'A list [1] and [STATE of things]', 'neutral'],
    ['An open [STATE: happy', 'An open [STATE: happy', 'neutral'],
    ['', '', 'neutral'],
  ])('of %j leaves %j and gives %s', (input, text, emotion) => {
    expect(filtered(input)).toMatchObject({ text, emotion });
  });

  it('is held back when it comes in pieces', () => {
    expect(filtered('Cheers! ', '[', 'STATE', ': hap', 'py', ']').shown).toEqual(['Cheers!', '', '', '', '', '', '']);
  });

  test.prop([
    fc.string({ unit: fc.constantFrom('a', ' ', '[', ']', 'STATE: happy', '[STATE: happy]', '.'), maxLength: 12 }),
    fc.array(fc.nat({ max: 40 }), { maxLength: 6 }),
  ])('is found in the same way however the text is cut, and the pieces shown are the text', (text, cuts) => {
    const borders = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length];
    const pieces = borders.slice(1).map((end, index) => text.slice(borders[index], end));
    const cut = filtered(...pieces);
    const whole = filtered(text);
    expect({ text: cut.text, emotion: cut.emotion }).toEqual({ text: whole.text, emotion: whole.emotion });
    expect(cut.shown.join('')).toBe(cut.text);
  });
});
