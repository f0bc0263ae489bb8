import { money, refuse, requireMoney, zero, type Money } from './money.ts';

/** The currencies of ISO 4217 that do not have two decimals. Not asked of Intl, which follows daily use (IQD: 0) and not the standard (3). */
const DECIMALS = new Map<string, number>([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

/** Longer than any safe amount is written; keeps a hostile text away from BigInt. */
const LONGEST_DECIMAL = 32;

/** How many decimals a currency's minor unit has: 2 for USD, 0 for JPY, 3 for KWD; 2 for a code that the standard does not list. */
export function decimalsOf(currency: string): number {
  return DECIMALS.get(zero(currency).currency) ?? 2;
}

/** The amount as a plain decimal with all its decimals and no currency: "12.50", "-0.05", "1250" for JPY. */
export function toDecimal(value: Money): string {
  const { amount, currency } = requireMoney(value);
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const sign = amount < 0 ? '-' : '';
  return decimals === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-decimals)}`;
}

/**
 * Reads what {@link toDecimal} writes, and fewer decimals: "12.5" and "12" are 12.50 and 12.00 USD.
 * Never rounds: more decimals than the currency has are refused, as are grouping ("1,000"), symbols, spaces and exponents.
 *
 * @throws {HoldfastError} VALIDATION_FAILED when the text is no such decimal or leaves the safe-integer range.
 */
export function parseMoney(decimal: string, currency: string): Money {
  const decimals = decimalsOf(currency);
  const match = decimal.length <= LONGEST_DECIMAL ? /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) : null;
  if (!match) return refuse('amount', `"${decimal.slice(0, LONGEST_DECIMAL)}" is no decimal amount such as 12.50`);
  const [, sign, whole, fraction = ''] = match;
  if (fraction.length > decimals) refuse('amount', `"${decimal}" has more than the ${decimals} decimals of ${currency}`);
  return money(Number(`${sign}${whole}${fraction.padEnd(decimals, '0')}`), currency);
}

/**
 * The amount as people read it: "$12.50", "¥1,250", "KWD 1.250".
 *
 * @param locale a BCP 47 tag, "en-US" by default, so that the same program writes the same everywhere
 */
export function formatMoney(value: Money, locale = 'en-US'): string {
  // As text: a float would lose cents of large amounts.
  return formatOf(value.currency, locale).format(toDecimal(value) as Intl.StringNumericLiteral);
}

/** Made once for each currency and locale: making one costs a hundred times what using it does. */
const formats = new Map<string, Intl.NumberFormat>();
/** A program that formats for so many starts over; what is kept stays small whatever the locales are. */
const MOST_FORMATS = 100;

function formatOf(currency: string, locale: string): Intl.NumberFormat {
  const key = `${currency} ${locale}`;
  const known = formats.get(key);
  if (known) return known;
  const decimals = decimalsOf(currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  if (formats.size >= MOST_FORMATS) formats.clear();
  formats.set(key, format);
  return format;
}
