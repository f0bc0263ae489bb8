import type { PhraseRole } from './order-phrases.ts';
import { readQuantity, type Quantity } from './quantities.ts';
import { textOf, type Token } from './tokens.ts';
import { lookUp, lookUpMisspelt, type DrinkMeaning, type Match, type Vocabulary } from './vocabulary.ts';

/** A stretch of an order with one meaning; `text` is what was said. */
export type Lexeme = { readonly text: string } & (
  | { readonly kind: 'drink'; readonly meaning: DrinkMeaning; readonly correction: string | null }
  | { readonly kind: 'modifier'; readonly name: string; readonly correction: string | null }
  | { readonly kind: 'quantity'; readonly quantity: Quantity; readonly follows: boolean }
  | { readonly kind: 'role'; readonly role: PhraseRole }
  | { readonly kind: 'comma' | 'stop' | 'unknown' }
);

/** Finds what each stretch of the text means to an order; `follows` marks a quantity that stands behind its drink ("x2"). */
export function readLexemes(tokens: readonly Token[], vocabulary: Vocabulary): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let next = 0;
  for (const [at, token] of tokens.entries()) {
    if (at < next) continue;
    const { lexeme, length } = lexemeAt(token, tokens, at, vocabulary);
    lexemes.push(lexeme);
    next = at + length;
  }
  return lexemes;
}

function lexemeAt({ kind, text }: Token, tokens: readonly Token[], at: number, vocabulary: Vocabulary): { lexeme: Lexeme; length: number } {
  if (kind === 'comma' || kind === 'stop') return { lexeme: { kind, text }, length: 1 };

  const following = quantityBehind(tokens, at);
  if (following)
    return { lexeme: { kind: 'quantity', quantity: following, text: following.text, follows: true }, length: following.length };

  const quantity = readQuantity(tokens, at);
  const match = lookUp(vocabulary, tokens, at) ?? (quantity ? undefined : lookUpMisspelt(vocabulary, tokens, at));
  if (match && match.length >= (quantity?.length ?? 0)) return { lexeme: fromMatch(match, tokens, at), length: match.length };
  if (quantity) return { lexeme: { kind: 'quantity', quantity, text: quantity.text, follows: false }, length: quantity.length };
  return { lexeme: { kind: 'unknown', text }, length: 1 };
}

/** "x2", "x 2", "times two". */
function quantityBehind(tokens: readonly Token[], at: number): Quantity | undefined {
  const text = tokens[at]?.text ?? '';
  if (/^x\d+$/.test(text)) return { value: Number(text.slice(1)), problem: null, text, length: 1 };
  if (text !== 'x' && text !== 'times') return undefined;
  const quantity = readQuantity(tokens, at + 1);
  return quantity && { ...quantity, text: `${text} ${quantity.text}`, length: quantity.length + 1 };
}

function fromMatch({ meaning, length, correction }: Match, tokens: readonly Token[], at: number): Lexeme {
  const text = textOf(tokens, { start: at, end: at + length });
  if (meaning.kind === 'drink') return { kind: 'drink', text, meaning, correction };
  if (meaning.kind === 'modifier') return { kind: 'modifier', text, name: meaning.name, correction };
  const isInterjection = text === 'no' && tokens[at + 1]?.kind !== 'word' && tokens[at + 1]?.kind !== 'number';
  return { kind: 'role', text, role: isInterjection ? 'filler' : meaning.role };
}
