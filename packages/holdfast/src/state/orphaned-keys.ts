import { UnmetRequirement, writeRecords } from '../commit/index.ts';
import { isHoldfastError } from '../errors/index.ts';
import type { Scope } from '../scope/index.ts';
import { RETIRED_MARK, SUBJECT_SCOPE } from '../secret/index.ts';
import type { Commit, EntityRecord } from '../store/index.ts';
import type { EngineContext } from './engine-context.ts';

const PAGE = 64;

/**
 * Destroys the data keys of subjects of which nothing is stored any more. A key gets a mark first: what is sealed is committed under the condition that
 * there is none, so whoever was about to seal with the key is refused and takes the mark away before sealing anew. A key is deleted only while the mark
 * is still the one that was put, and after no entity of its subject was to be seen behind it.
 */
export class OrphanedKeys {
  readonly #context: EngineContext;
  #after: EntityRecord | undefined;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Looks at the next 64 subjects that have a data key, from call to call at all of them in turn. */
  async retireSome(): Promise<void> {
    const page = await this.#context.store.entities({ scope: SUBJECT_SCOPE }, this.#after, PAGE);
    this.#after = page.length < PAGE ? undefined : page.at(-1);
    for (const { id } of page) await this.retire(id);
  }

  /** Destroys the subject's data key if nobody needs it any more. Costs a look-up where somebody does. */
  async retire(subject: string): Promise<void> {
    const { store } = this.#context;
    if (await this.#hasEntities(subject)) return;
    const keeper = await store.entity(SUBJECT_SCOPE, subject);
    if (!keeper) return;
    const mark = { ...RETIRED_MARK, eid: keeper.eid };
    const found = await store.item(mark.eid, mark.collection, mark.key);
    const put = { requires: [{ ...mark, rev: 'absent' as const }], puts: [{ ...mark, body: '{}' }] };
    // A mark that is there was left by somebody who did not come to the end, or is about to.
    const rev = found?.rev ?? (await this.#write(subject, put));
    if (rev === undefined || (await this.#hasEntities(subject))) return;
    await this.#write(subject, { requires: [{ ...mark, rev }], drops: [keeper.eid], meta: { flags: ['deleted'] } });
  }

  async #hasEntities(subject: string): Promise<boolean> {
    const found = await this.#context.store.entities({ subject }, undefined, 2);
    return found.some(({ scope }) => scope !== SUBJECT_SCOPE);
  }

  /** The commit's seq; undefined when the key was used, marked or erased by somebody meanwhile. */
  async #write(subject: string, parts: Partial<Commit>): Promise<number | undefined> {
    const { queue, registry } = this.#context;
    try {
      return await writeRecords(queue, registry.at(SUBJECT_SCOPE as Scope, subject), () => parts);
    } catch (error) {
      if (error instanceof UnmetRequirement || isHoldfastError(error, 'NOT_FOUND')) return undefined;
      throw error;
    }
  }
}
