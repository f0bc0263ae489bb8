import { DEFAULT_CONFIG, type InquiryKind, type UnderstandingConfig } from './config.ts';
import { normalise } from './normalise.ts';
import { oncePer } from './once-per.ts';
import { phraseList } from './phrase-list.ts';
import { isNegated, occurrences, overlaps } from './phrases.ts';
import { clausesOf, textOf, tokenise, wordsOf, type Span, type Token } from './tokens.ts';

/** A question about the guest's order or bill, or the wish to pay. */
export interface InquiryReading {
  readonly kind: InquiryKind;
  /** 1 for a whole phrase, else the share of the phrase's words that were said. */
  readonly confidence: number;
  readonly phrase: string;
}

/** Alone, "how much" asks for the bill; before anything but these it asks for something else: a price, the balance, the tip. */
const BILL_AFTER_HOW_MUCH = phraseList(`
  is it | is that | is this | is everything | is all | is my total | is the total | altogether | in total | so far | total
`).map(wordsOf);
const MORE_BILL_AFTER_HOW_MUCH = phraseList(`
  do i | do we | does that | does it | would that be | will that be | please | for everything | for all | now
`).map(wordsOf);

/** Contain an inquiry's phrase and ask for none: what is put on a tab is an order. */
const NO_INQUIRY = phraseList(`
  on my tab | on the tab | to my tab | to the tab | on my bill | on the bill | to my bill | to the bill | check in
  the bill of
`).map(wordsOf);

/** Say nothing about which inquiry is meant; a phrase with words left out needs all its other words. */
const LIGHT_WORDS = new Set(
  phraseList(`
  the | my | i | is | so | up | now | will | have | do | please
`),
);

/** May surround the single word of an inquiry: "could i get the bill". In other company the word means something else. */
const COURTESIES = new Set(
  'the my our a i we us me you is so up now will have do please thanks thank can could may get give bring to like would want just then hey hi ok maya let'.split(
    ' ',
  ),
);

/**
 * Finds the most specific inquiry: the longest whole phrase, on word boundaries and not negated; if there is none, the phrase with the
 * greatest share of its words said in order. Null when neither is there.
 */
export function detectInquiry(text: string, config: UnderstandingConfig = DEFAULT_CONFIG): InquiryReading | null {
  const found = findInquiry(tokenise(normalise(text, config.maxInputCharacters).text), config);
  return found && { kind: found.kind, confidence: found.confidence, phrase: found.phrase };
}

/** As {@link detectInquiry}, with the stretch of text that asks. */
export function findInquiry(tokens: readonly Token[], config: UnderstandingConfig): (InquiryReading & Span) | null {
  const phrases = phrasesOf(config);
  const shadows = NO_INQUIRY.flatMap((words) => occurrences(tokens, words));
  for (const { kind, words } of phrases) {
    for (const span of occurrences(tokens, words)) {
      if (shadows.some((shadow) => overlaps(shadow, span))) continue;
      if (isNegated(tokens, span.start)) {
        shadows.push(span); // "don't close the tab" does not ask for "the tab" either
        continue;
      }
      if (textOf(tokens, span) === 'how much' && !asksForBill(tokens, span.end)) continue;
      return { kind, confidence: 1, phrase: words.join(' '), ...clauseAround(tokens, span) };
    }
  }
  return findByShare(tokens, phrases, config.inquiries.shareThreshold);
}

interface Phrase {
  readonly kind: InquiryKind;
  readonly words: readonly string[];
  /** The words without which the phrase was not said. */
  readonly needed: readonly string[];
}

/** The most specific phrases first: more words, then more letters. */
const phrasesOf = oncePer((config: UnderstandingConfig): Phrase[] => {
  const kinds = Object.keys(config.inquiries.phrases) as InquiryKind[];
  const phrases = kinds.flatMap((kind) =>
    config.inquiries.phrases[kind].map((phrase) => {
      const words = wordsOf(phrase);
      return { kind, words, needed: words.filter((word) => !LIGHT_WORDS.has(word)) };
    }),
  );
  return phrases.toSorted((a, b) => b.words.length - a.words.length || b.words.join().length - a.words.join().length);
});

function asksForBill(tokens: readonly Token[], after: number): boolean {
  if (tokens[after]?.kind !== 'word') return tokens[after]?.kind !== 'number';
  const follows = [...BILL_AFTER_HOW_MUCH, ...MORE_BILL_AFTER_HOW_MUCH].find(
    (words) => occurrences(tokens, words, { start: after, end: after + words.length }).length > 0,
  );
  if (!follows) return false;
  const rest = tokens[after + follows.length];
  return rest?.kind !== 'word' || COURTESIES.has(rest.text) || rest.text === 'so' || rest.text === 'altogether';
}

function findByShare(tokens: readonly Token[], phrases: readonly Phrase[], threshold: number): (InquiryReading & Span) | null {
  let best: (InquiryReading & Span) | null = null;
  for (const clause of clausesOf(tokens)) {
    const said = tokens.slice(clause.start, clause.end).map((token) => token.text);
    for (const { kind, words, needed } of phrases) {
      if (needed.some((word) => !said.includes(word))) continue; // most phrases, so the rest is not worked out for them
      const present = saidInOrder(said, words);
      const share = present.length / words.length;
      if (share < threshold || share <= (best?.confidence ?? 0) || words.join(' ') === 'how much') continue;
      if (needed.some((word) => !present.includes(word))) continue;
      const isAlone = said.every((word) => present.includes(word) || COURTESIES.has(word));
      if ((needed.length < 2 && !isAlone) || said.includes('not')) continue;
      best = { kind, confidence: share, phrase: words.join(' '), ...clause };
    }
  }
  return best;
}

/** The words of the phrase that stand in the clause in the phrase's order. */
function saidInOrder(said: readonly string[], words: readonly string[]): string[] {
  let from = 0;
  return words.filter((word) => {
    const at = said.indexOf(word, from);
    if (at >= 0) from = at + 1;
    return at >= 0;
  });
}

function clauseAround(tokens: readonly Token[], span: Span): Span {
  const clause = clausesOf(tokens).find((candidate) => overlaps(candidate, span)) ?? span;
  return { start: Math.min(clause.start, span.start), end: Math.max(clause.end, span.end) };
}
