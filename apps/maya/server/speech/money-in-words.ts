import { numberInWords } from './number-in-words.ts';

/** `$12.50`, `$1,234`, `-$5`; cents have one or two figures. Not a part of a longer number. */
const DOLLARS = /([-−])?\$\s?(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{1,2}))?(?![\d]|[.,]\d)/g;

/** Puts the amounts of US dollars of a text into words; the rest stays as it is. */
export function moneyInWords(text: string): string {
  return text.replaceAll(DOLLARS, (_amount, minus: string | undefined, whole: string, cents: string | undefined, at: number) => {
    const isRange = minus !== undefined && /[\d\w]/.test(text.charAt(at - 1));
    const said = amountInWords(Number(whole.replaceAll(',', '')), Number((cents ?? '').padEnd(2, '0')));
    return `${minus === undefined ? '' : isRange ? ' to ' : 'minus '}${said}`;
  });
}

function amountInWords(dollars: number, cents: number): string {
  const inDollars = `${numberInWords(dollars)} ${dollars === 1 ? 'dollar' : 'dollars'}`;
  if (cents === 0) return inDollars;
  const inCents = `${numberInWords(cents)} ${cents === 1 ? 'cent' : 'cents'}`;
  return dollars === 0 ? inCents : `${inDollars} and ${inCents}`;
}
