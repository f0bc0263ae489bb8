import type { CommitQueue, EntityCell, EntityRegistry, LogFollower } from '../commit/index.ts';
import type { ErrorSource } from '../event/index.ts';
import type { RecordedEffect } from './effect-intent.ts';
import type { KeyRing } from '../secret/index.ts';
import type { StateDefinition } from './definition.ts';
import type { InvariantDefinition } from './invariant.ts';
import type { Store } from '../store/index.ts';

/** What the parts of one open manager share. */
export interface EngineContext {
  readonly store: Store;
  readonly registry: EntityRegistry;
  readonly queue: CommitQueue;
  readonly follower: LogFollower;
  readonly keys: KeyRing;
  readonly invariants: readonly InvariantDefinition[];
  /** The clock of this process, epoch ms: for stamps. What expires is judged by the store's clock. */
  readonly now: () => number;
  readonly random: () => number;
  /** Default time for retrying after conflicts. */
  readonly retryForMs: number;
  /** Reports what has no caller to throw at: a subscriber that threw, a follower that could not read. */
  readonly report: (error: unknown, source?: ErrorSource) => void;
  /** Opened to read only: nothing is written, in the background neither. */
  readonly readOnly: boolean;
  readonly assertOpen: () => void;
  /** Also that it is open. The queue refuses as well: this is for what reads first. */
  readonly assertWritable: () => void;
  /** Destroys a subject's data key if nothing of the subject is stored any more; what fails is reported, and tried again with the next sweeps. */
  readonly retireKey: (subject: string) => Promise<void>;
  /** Of the effects given to `open`. */
  readonly effectNames: readonly string[];
  /** Whether an effect of this definition was given to `open`. */
  readonly hasEffect: (effect: { readonly name: string }) => boolean;
  /** Called once the commit that intends the effects is confirmed. */
  readonly effectsIntended: (entity: EntityCell, effects: readonly RecordedEffect[]) => void;
  /** Asks now about every unsettled effect, of one entity or of all; resolves when each was taken as far as it will go. */
  readonly reconcile: (entity?: EntityCell) => Promise<void>;
  /** Commits what was edited outside of the engine of a state that is about to be read; of stores that have such edits. */
  readonly admitEdits: ((entity: EntityCell, definition: StateDefinition<unknown>) => Promise<void>) | undefined;
}
