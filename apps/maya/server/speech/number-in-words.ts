const BELOW_TWENTY =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const GROUPS = ['', ' thousand', ' million', ' billion'];

/** A whole number from 0 to 999,999,999,999 in English words. */
export function numberInWords(number: number): string {
  if (number === 0) return 'zero';
  const words: string[] = [];
  for (let [rest, group] = [number, 0]; rest > 0; rest = Math.floor(rest / 1_000), group++) {
    if (rest % 1_000 > 0) words.unshift(`${belowThousand(rest % 1_000)}${GROUPS[group] ?? ''}`);
  }
  return words.join(' ');
}

function belowThousand(number: number): string {
  const [hundreds, rest] = [Math.floor(number / 100), number % 100];
  if (hundreds === 0) return belowHundred(rest);
  return `${BELOW_TWENTY[hundreds]} hundred${rest === 0 ? '' : ` ${belowHundred(rest)}`}`;
}

function belowHundred(number: number): string {
  const [tens, ones] = [Math.floor(number / 10), number % 10];
  if (tens < 2) return BELOW_TWENTY[number] ?? '';
  return `${TENS[tens - 2]}${ones === 0 ? '' : `-${BELOW_TWENTY[ones]}`}`;
}
