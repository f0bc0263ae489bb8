import type { Menu } from '../menu/index.ts';
import { editDistance } from './edit-distance.ts';
import { oncePer } from './once-per.ts';
import { NOT_TYPING_ERRORS, ORDER_PHRASES, type PhraseRole } from './order-phrases.ts';
import { standsAt, wordsOf, type Token } from './tokens.ts';

/** What a name on the menu stands for. */
export interface DrinkMeaning {
  readonly kind: 'drink';
  /** The menu items it may mean. */
  readonly candidates: readonly string[];
  /** False for a loose name ("beer"), which is asked back even if it could mean one item only. */
  readonly exact: boolean;
  readonly plural: boolean;
  /** The modifier of the same name: vodka is a drink and a base liquor. */
  readonly modifier: string | null;
}

export interface ModifierMeaning {
  readonly kind: 'modifier';
  readonly name: string;
}

export interface RoleMeaning {
  readonly kind: 'role';
  readonly role: PhraseRole;
}

export type Meaning = DrinkMeaning | ModifierMeaning | RoleMeaning;

export interface Entry {
  readonly words: readonly string[];
  readonly meaning: Meaning;
}

/** A meaning found in a text; `correction` is the name that was read in place of a typing error. */
export interface Match {
  readonly meaning: Meaning;
  readonly length: number;
  readonly correction: string | null;
}

/** All names of a menu and all phrases of an order, ready to be looked up. Made once per menu. */
export interface Vocabulary {
  readonly byFirstWord: ReadonlyMap<string, readonly Entry[]>;
  /** Exact names in all their forms, by their first letter: what a typing error may have meant. */
  readonly namesByLetter: ReadonlyMap<string, readonly Entry[]>;
}

/** Shorter words have too many neighbours to guess at: "bear" is not "beer". */
const SHORTEST_CORRECTED = 5;
/** From this length on two errors are forgiven, below it one. */
const TWO_ERRORS_FROM = 8;

export const vocabularyOf: (menu: Menu) => Vocabulary = oncePer(makeVocabulary);

/** The longest phrase or name that stands exactly at this token. */
export function lookUp(vocabulary: Vocabulary, tokens: readonly Token[], at: number): Match | undefined {
  const entries = vocabulary.byFirstWord.get(tokens[at]?.text ?? '');
  const entry = entries?.find((candidate) => standsAt(tokens, at, candidate.words));
  return entry && { meaning: entry.meaning, length: entry.words.length, correction: null };
}

/**
 * The name that a misspelt text at this token must have meant: within the errors its length allows, the first letter right.
 * Two items equally near give a drink with both as candidates and `exact` false; nothing near gives undefined.
 */
export function lookUpMisspelt(vocabulary: Vocabulary, tokens: readonly Token[], at: number): Match | undefined {
  let best: { distance: number; entries: Entry[] } | undefined;
  for (const entry of vocabulary.namesByLetter.get(tokens[at]?.text[0] ?? '') ?? []) {
    const distance = misspelling(tokens, at, entry.words);
    if (distance === undefined) continue;
    const length = best?.entries[0]?.words.length ?? 0;
    if (!best || entry.words.length > length || (entry.words.length === length && distance < best.distance))
      best = { distance, entries: [entry] };
    else if (entry.words.length === length && distance === best.distance) best.entries.push(entry);
  }
  const first = best?.entries[0];
  if (!best || !first) return undefined;
  const correction = first.words.join(' ');
  const candidates = [...new Set(best.entries.flatMap(({ meaning }) => (meaning.kind === 'drink' ? meaning.candidates : [])))];
  const agree = best.entries.every(({ meaning }) => meaning.kind === first.meaning.kind && nameIn(meaning) === nameIn(first.meaning));
  if (agree) return { meaning: first.meaning, length: first.words.length, correction };
  return {
    meaning: { kind: 'drink', candidates, exact: false, plural: false, modifier: null },
    length: first.words.length,
    correction: null,
  };
}

function nameIn(meaning: Meaning): string {
  return meaning.kind === 'drink' ? meaning.candidates.join() : meaning.kind === 'modifier' ? meaning.name : meaning.role;
}

/** The total distance of a misspelt name, or undefined when a word is too far away. */
function misspelling(tokens: readonly Token[], at: number, words: readonly string[]): number | undefined {
  let total = 0;
  let place = at;
  for (const word of words) {
    const token = tokens[place++];
    if (token?.kind !== 'word') return undefined;
    if (token.text === word) continue;
    const distance = wordDistance(token.text, word);
    if (distance === undefined) return undefined;
    total += distance;
  }
  return total;
}

function wordDistance(said: string, word: string): number | undefined {
  if (said[0] !== word[0] || NOT_TYPING_ERRORS.has(said)) return undefined;
  if (said.length > word.length && withoutRepeats(said) === withoutRepeats(word)) return 1; // "beeeer"
  const shorter = Math.min(said.length, word.length);
  if (shorter < SHORTEST_CORRECTED) return undefined;
  const limit = shorter < TWO_ERRORS_FROM ? 1 : 2;
  const distance = editDistance(said, word, limit);
  return distance > limit ? undefined : distance;
}

function withoutRepeats(word: string): string {
  return word.replace(/(.)\1+/gu, '$1');
}

function makeVocabulary(menu: Menu): Vocabulary {
  const names: Entry[] = [];
  for (const { name, aliases } of menu.items) names.push(...drinkEntries([name, ...aliases], [name], true));
  for (const { name, aliases } of menu.modifiers) {
    for (const words of [name, ...aliases].map(wordsOf)) names.push({ words, meaning: { kind: 'modifier', name } });
  }
  const loose = menu.looseNames.flatMap((entry) => drinkEntries(entry.names, entry.mayMean, false));
  const roles = Object.entries(ORDER_PHRASES).flatMap(([role, phrases]) =>
    phrases.map((phrase): Entry => ({ words: wordsOf(phrase), meaning: { kind: 'role', role: role as PhraseRole } })),
  );
  return {
    byFirstWord: index(joinBases([...names, ...loose, ...roles])),
    namesByLetter: Map.groupBy(joinBases(names), (entry) => entry.words[0]?.[0] ?? ''),
  };
}

/** Singular, plural, and for names of several words the form without spaces ("oldfashioned"). */
function drinkEntries(names: readonly string[], candidates: readonly string[], exact: boolean): Entry[] {
  const meaning = (plural: boolean): DrinkMeaning => ({ kind: 'drink', candidates, exact, plural, modifier: null });
  return names.map(wordsOf).flatMap((words) => {
    const last = words.at(-1) ?? '';
    const endings = [`${last}s`, `${last}es`, `${last}'s`, ...(last.endsWith('y') ? [`${last.slice(0, -1)}ies`] : [])];
    const plurals = endings.map((ending): Entry => ({ words: [...words.slice(0, -1), ending], meaning: meaning(true) }));
    const spaced = [{ words, meaning: meaning(false) }, ...plurals];
    return words.length === 1 ? spaced : [...spaced, ...spaced.map((entry) => ({ ...entry, words: [entry.words.join('')] }))];
  });
}

/** Where one name is both a drink and a modifier, the drink carries the modifier; the parser decides by what stands around it. */
function joinBases(entries: readonly Entry[]): Entry[] {
  const joined = new Map<string, Entry>();
  for (const entry of entries) {
    const key = entry.words.join(' ');
    const known = joined.get(key);
    if (!known) joined.set(key, entry);
    else if (known.meaning.kind === 'drink' && entry.meaning.kind === 'modifier') {
      joined.set(key, { words: known.words, meaning: { ...known.meaning, modifier: entry.meaning.name } });
    }
  }
  return [...joined.values()];
}

/** Longest phrases first, so that "long island iced tea" is found before "long island". */
function index(entries: readonly Entry[]): Map<string, Entry[]> {
  const sorted = entries.toSorted((a, b) => b.words.length - a.words.length);
  return Map.groupBy(sorted, (entry) => entry.words[0] ?? '');
}
