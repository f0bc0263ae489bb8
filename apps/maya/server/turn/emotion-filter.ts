import { EMOTIONS, type Message } from '../state/index.ts';

type Emotion = NonNullable<Message['emotion']>;

const TAG = /^\[\s*state\s*:\s*([^\]]*)\]$/i;
/** What stands so far may become a tag. */
const TAG_BEGINNING = /^\[\s*(?:s(?:t(?:a(?:t(?:e(?:\s*(?::[^\]]*)?)?)?)?)?)?)?$/i;
/** A bracket that is not closed within so many characters is text. */
const LONGEST_TAG = 60;

/**
 * Takes the emotion tag `[STATE: word]` out of a text that comes in pieces. What may turn out to be a tag, and white space that may turn out to
 * be the end, is held back; so the pieces given out, joined, are the final text.
 */
export class EmotionFilter {
  #held = '';
  #text = '';
  #emotion: Emotion | undefined;
  #isBehindTag = false;

  /** What was given out so far. */
  get text(): string {
    return this.#text;
  }

  /** That of the first tag; neutral when there was none or it is none of Maya's. */
  get emotion(): Emotion {
    return this.#emotion ?? 'neutral';
  }

  /** Gives what of the piece, and of what was held back, can be shown now; may be empty. */
  push(piece: string): string {
    let shown = '';
    for (const character of piece) shown += this.#take(character);
    return shown;
  }

  /** The text is over: gives what was held back and is no tag. */
  end(): string {
    const rest = this.#held.trimEnd();
    this.#held = '';
    return this.#show(rest);
  }

  #take(character: string): string {
    const isSpace = /\s/.test(character);
    // A tag between two words leaves one space, not two.
    if (isSpace && this.#isBehindTag && /\s$/.test(this.#held)) return '';
    if (!isSpace) this.#isBehindTag = false;
    this.#held += character;
    const at = this.#held.indexOf('[');
    const bracket = at < 0 ? '' : this.#held.slice(at);
    if (character === ']' && TAG.test(bracket)) {
      this.#readTag(TAG.exec(bracket)?.[1] ?? '');
      this.#held = this.#held.slice(0, at);
      this.#isBehindTag = true;
      return '';
    }
    if (bracket !== '' && bracket.length <= LONGEST_TAG && TAG_BEGINNING.test(bracket)) return '';
    if (isSpace) return '';
    const shown = this.#held;
    this.#held = '';
    return this.#show(shown);
  }

  #show(text: string): string {
    const shown = this.#text === '' ? text.trimStart() : text;
    this.#text += shown;
    return shown;
  }

  #readTag(word: string): void {
    this.#emotion ??= EMOTIONS.find((emotion) => emotion === word.trim().toLowerCase()) ?? 'neutral';
  }
}
