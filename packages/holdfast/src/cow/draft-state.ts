import { isPlain } from './json.ts';
import type { ListEdit } from './list-edits.ts';

/**
 * The key under which a draft gives its state. A WeakMap from drafts to states would do as well, but the garbage collector needs several times as
 * long for its entries as everything else takes together.
 */
export const STATE: unique symbol = Symbol('draft state');

/** A record or a list, under either kind of key. */
export type Container = Record<PropertyKey, unknown> & unknown[];

/** All drafts of one `openDraft`. */
export interface DraftScope {
  isOpen: boolean;
  /** Of the values that its drafts came to. */
  readonly newKeys: Map<object, readonly PropertyKey[]>;
  readonly recordTraps: ProxyHandler<DraftState>;
  /** Their target is a list of the one state: a draft is a list only when its target is. */
  readonly listTraps: ProxyHandler<[DraftState]>;
}

/** What became of a draft that was changed. */
export interface FinishedState {
  readonly value: Container;
  /** Changed drafts of nodes that still are where they were, with the key or index that they have now. */
  readonly kept: readonly (readonly [string | number, DraftState])[];
  /** Keys and indices that hold something else than before. */
  readonly replaced: readonly PropertyKey[];
  /** Of a list: what was put in and taken out. */
  readonly edits: readonly ListEdit[];
}

/** What is behind one draft: a node of the frozen value, and the copy that takes its changes once there are some. */
export class DraftState {
  readonly base: Container;
  readonly parent: DraftState | undefined;
  readonly scope: DraftScope;
  readonly isList: boolean;
  readonly proxy: object;
  /** Made when something is written, or when a node below is drafted: drafts of nodes stand in their parent's copy. */
  copy: Container | undefined = undefined;
  isModified = false;
  /** Keys that were written or drafted; of a list only until it `isRearranged`. */
  touched: Set<PropertyKey> | undefined = undefined;
  /** Of a list: items have moved, so that an index says nothing about where an item was. */
  isRearranged = false;
  /** Of a list: the drafts that were put into the copy, whether they are there still or not. */
  drafts: DraftState[] | undefined = undefined;
  finished: FinishedState | undefined = undefined;

  static {
    // What `console.log` of a draft shows; called on the draft.
    Object.defineProperty(DraftState.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: DraftState): unknown {
        return (stateOf(this) ?? this).latest;
      },
    });
  }

  constructor(base: object, parent: DraftState | undefined, scope: DraftScope) {
    this.base = base as Container;
    this.parent = parent;
    this.scope = scope;
    this.isList = Array.isArray(base);
    this.proxy = this.isList ? new Proxy<[DraftState]>([this], scope.listTraps) : new Proxy<DraftState>(this, scope.recordTraps);
  }

  /** The node as it is now, drafts of nodes below in their places. @throws {TypeError} once the recipe has ended. */
  get latest(): Container {
    if (!this.scope.isOpen) throw new TypeError('A draft was used after its recipe had ended; take the value from the state instead.');
    return this.copy ?? this.base;
  }

  /** The copy, for writing: notes that the node changes, and with it all above. */
  modified(): Container {
    this.#noteModified();
    return this.#copied();
  }

  /** What stands at a key of its own; a frozen node is drafted there, so that it may be changed. */
  draftAt(key: string): unknown {
    const value: unknown = this.latest[key as keyof Container];
    if (!isToBeDrafted(value)) return value;
    const inner = new DraftState(value, this, this.scope);
    (this.#copied() as Record<string, unknown>)[key] = inner.proxy;
    this.noteDraft(inner);
    this.touch(key);
    return inner.proxy;
  }

  /** A draft of a node that was taken out of this list, for whoever goes on with it. */
  draftOfRemoved(value: unknown): unknown {
    return isToBeDrafted(value) ? new DraftState(value, this, this.scope).proxy : value;
  }

  /** Notes what a key holds from now on. */
  touch(key: PropertyKey): void {
    if (this.isRearranged) return;
    this.touched ??= new Set();
    this.touched.add(key);
  }

  noteDraft(inner: DraftState | undefined): void {
    if (!this.isList || !inner) return;
    this.drafts ??= [];
    this.drafts.push(inner);
  }

  #noteModified(): void {
    if (this.isModified) return;
    this.isModified = true;
    if (this.parent) this.parent.#noteModified();
  }

  /** Spreading a frozen list is 26 times as fast as slicing it, `assign` 235 times as fast as spreading a large record. */
  #copied(): Container {
    this.copy ??= (this.isList ? [...this.base] : Object.assign({}, this.base)) as Container;
    return this.copy;
  }
}

/** What is behind a draft; undefined for any other value. */
export function stateOf(value: unknown): DraftState | undefined {
  return typeof value === 'object' && value !== null ? (value as { readonly [STATE]?: DraftState })[STATE] : undefined;
}

function isToBeDrafted(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !stateOf(value) && isPlain(value) && Object.isFrozen(value);
}
