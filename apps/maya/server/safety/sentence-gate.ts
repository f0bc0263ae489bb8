/** Behind it a sentence has ended: its mark, what closes behind it, and white space. */
const SENTENCE_END = /[.!?…]+["'”’)\]]*\s+|\n+/g;
/** A sentence that does not end within so many characters is judged as it stands, at a space. */
const LONGEST_SENTENCE = 400;

/** Cuts a text that comes in pieces into whole sentences, white space behind them included. */
export class SentenceGate {
  #held = '';

  /** Gives the sentences that the piece has completed. */
  push(piece: string): readonly string[] {
    this.#held += piece;
    const sentences: string[] = [];
    let from = 0;
    for (const { index, 0: end } of this.#held.matchAll(SENTENCE_END)) {
      sentences.push(this.#held.slice(from, index + end.length));
      from = index + end.length;
    }
    let rest = this.#held.slice(from);
    while (rest.length > LONGEST_SENTENCE) {
      const at = rest.lastIndexOf(' ', LONGEST_SENTENCE) + 1 || LONGEST_SENTENCE;
      sentences.push(rest.slice(0, at));
      rest = rest.slice(at);
    }
    this.#held = rest;
    return sentences;
  }

  /** The text is over: gives what is left of it. */
  end(): readonly string[] {
    const rest = this.#held;
    this.#held = '';
    return rest === '' ? [] : [rest];
  }
}
