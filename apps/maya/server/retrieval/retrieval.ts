import type { Logger } from 'pino';
import { PassageIndex } from './passage-index.ts';
import { readPassages, type Passage } from './read-passages.ts';

/** Turns texts into vectors of one length, such that near meanings are near. */
export type Embed = (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>;

export interface RetrievalOptions {
  /** Of Markdown files. */
  readonly directory: string;
  readonly log: Logger;
  /** Ranks by meaning besides words. Default: words alone. */
  readonly embed?: Embed;
  /** What takes longer is done without. Default 300. */
  readonly timeoutMs?: number;
}

const RESULTS = 2;
/** How many each ranking may put forward. */
const CANDIDATES = 8;
/** Softens the first places when two rankings are joined (reciprocal rank fusion). */
const RANK_OFFSET = 60;
/** Below this likeness a passage is about something else. */
const LEAST_LIKENESS = 0.3;

interface Library {
  readonly passages: readonly Passage[];
  readonly index: PassageIndex;
  readonly vectors: readonly (readonly number[])[];
}

/** What the bar knows about what a guest talks of. */
export class Retrieval {
  readonly #options: RetrievalOptions;
  #library: Promise<Library> | undefined;

  constructor(options: RetrievalOptions) {
    this.#options = options;
  }

  /** The passages that fit best, two at most. Never rejects and never takes long: without an answer in time, the turn goes on with none. */
  async find(question: string): Promise<readonly Passage[]> {
    const { log, timeoutMs = 300 } = this.#options;
    const signal = AbortSignal.timeout(timeoutMs);
    const late = Promise.withResolvers<never>();
    const giveUp = (): void => late.reject(new Error(`Nothing was found within ${timeoutMs} ms.`));
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      return await Promise.race([this.#search(question, signal), late.promise]);
    } catch (error) {
      log.warn({ err: error }, 'retrieval was skipped');
      return [];
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  async close(): Promise<void> {
    const library = await this.#library?.catch(() => undefined);
    library?.index.close();
    this.#library = undefined;
  }

  async #search(question: string, signal: AbortSignal): Promise<readonly Passage[]> {
    const { passages, index, vectors } = await this.#open();
    const byWords = index.search(question, CANDIDATES);
    const places = vectors.length === 0 ? byWords : joined(byWords, await this.#byMeaning(question, vectors, signal));
    return places.slice(0, RESULTS).flatMap((place) => passages[place] ?? []);
  }

  async #byMeaning(question: string, vectors: Library['vectors'], signal: AbortSignal): Promise<readonly number[]> {
    const [asked = []] = (await this.#options.embed?.([question], signal)) ?? [];
    return vectors
      .map((vector, place) => ({ place, likeness: cosine(asked, vector) }))
      .filter(({ likeness }) => likeness >= LEAST_LIKENESS)
      .toSorted((a, b) => b.likeness - a.likeness)
      .slice(0, CANDIDATES)
      .map(({ place }) => place);
  }

  /** Read when first needed; again by the next question after it failed. */
  #open(): Promise<Library> {
    this.#library ??= this.#read().catch((error: unknown) => {
      this.#library = undefined;
      throw error;
    });
    return this.#library;
  }

  async #read(): Promise<Library> {
    const { directory, embed } = this.#options;
    const passages = await readPassages(directory);
    // Not under the time limit of one question: the next one finds it done.
    const vectors =
      (await embed?.(
        passages.map(({ title, text }) => `${title}: ${text}`),
        new AbortController().signal,
      )) ?? [];
    return { passages, index: new PassageIndex(passages), vectors };
  }
}

function joined(...rankings: readonly (readonly number[])[]): readonly number[] {
  const scores = new Map<number, number>();
  for (const ranking of rankings) ranking.forEach((place, rank) => scores.set(place, (scores.get(place) ?? 0) + 1 / (RANK_OFFSET + rank)));
  return [...scores].toSorted(([, a], [, b]) => b - a).map(([place]) => place);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let [dot, lengthA, lengthB] = [0, 0, 0];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const [x = 0, y = 0] = [a[at], b[at]];
    dot += x * y;
    lengthA += x * x;
    lengthB += y * y;
  }
  return lengthA === 0 || lengthB === 0 ? 0 : dot / Math.sqrt(lengthA * lengthB);
}
