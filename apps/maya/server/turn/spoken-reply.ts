import { INSTEAD, type Safety } from '../safety/safety.ts';
import { SentenceGate } from '../safety/sentence-gate.ts';
import type { Message } from '../state/index.ts';
import { EmotionFilter } from './emotion-filter.ts';

export interface SpokenReplyOptions {
  readonly safety: Safety;
  /** Hears of each piece that may be shown. */
  readonly onText: (delta: string) => void;
  /** Called when a sentence could not be judged. */
  readonly onUnjudged: () => void;
}

/** A reply while it is spoken: the emotion tag is held back, and a sentence is shown once it was judged. */
export class SpokenReply {
  readonly #options: SpokenReplyOptions;
  readonly #filter = new EmotionFilter();
  readonly #gate = new SentenceGate();
  #text = '';
  #isBlocked = false;

  constructor(options: SpokenReplyOptions) {
    this.#options = options;
  }

  /** What was shown so far. */
  get text(): string {
    return this.#text;
  }

  get emotion(): NonNullable<Message['emotion']> {
    return this.#isBlocked ? 'neutral' : this.#filter.emotion;
  }

  /** Takes the next piece; false when nothing more shall be said. */
  async push(piece: string): Promise<boolean> {
    return await this.#speak(this.#gate.push(this.#filter.push(piece)));
  }

  /** Judges what was not judged yet, though its sentence may go on; false when nothing more shall be said. */
  async settle(): Promise<boolean> {
    return await this.#speak(this.#gate.end());
  }

  /** The model has said all it has to say. */
  async end(): Promise<void> {
    await this.#speak([...this.#gate.push(this.#filter.end()), ...this.#gate.end()]);
  }

  /** Says a sentence of the bar's own, which needs no judging. */
  say(sentence: string): void {
    this.#show(this.#text === '' || /\s$/.test(this.#text) ? sentence : ` ${sentence}`);
  }

  async #speak(sentences: readonly string[]): Promise<boolean> {
    const { safety, onUnjudged } = this.#options;
    for (const sentence of sentences) {
      if (this.#isBlocked) return false;
      const verdict = await safety.judge(sentence, 'output');
      if (verdict === 'failed') onUnjudged();
      if (verdict === 'fine' || verdict === 'failed') {
        this.#show(sentence);
        continue;
      }
      this.#isBlocked = true;
      this.say(INSTEAD.output);
    }
    return !this.#isBlocked;
  }

  #show(delta: string): void {
    this.#text += delta;
    this.#options.onText(delta);
  }
}
