import type { ChangedNode, Container } from './changed-node.ts';
import { isPlain, isPlainJson } from './json.ts';
import { removeKey, withKey, type KeySet } from './key-set.ts';
import { copyRecord } from './record-copy.ts';

/**
 * The key under which a draft gives its state. A WeakMap from drafts to states would do as well, but the garbage collector needs several times as
 * long for its entries as everything else takes together.
 */
export const STATE: unique symbol = Symbol('draft state');

/** All drafts of one `openDraft`. */
export interface DraftScope {
  isOpen: boolean;
  readonly recordTraps: ProxyHandler<DraftState>;
  /** Their target is a list of the one state: a draft is a list only when its target is. */
  readonly listTraps: ProxyHandler<[DraftState]>;
}

/** What is behind one draft: a node of the frozen value, and the copy that takes its changes once there are some. */
export class DraftState {
  readonly base: Container;
  readonly parent: DraftState | undefined;
  /** Where it stood in its parent, from the start; otherwise undefined. */
  readonly key: string | number | undefined;
  readonly scope: DraftScope;
  readonly isList: boolean;
  readonly proxy: object;
  /** Made when something is written, or when a node below is drafted: drafts of nodes stand in their parent's copy. */
  copy: Container | undefined = undefined;
  isModified = false;
  /** Keys that were written; of a list indices that its base has, and only until it `isRearranged`. */
  touched: KeySet | undefined = undefined;
  /** Keys of the base that were deleted and set again: they stand behind all others now. */
  readded: Set<PropertyKey> | undefined = undefined;
  /** Of a list: items have moved, so that an index says nothing about where an item was. */
  isRearranged = false;
  /** Drafts of nodes below that were put into the copy, whether they are there still or not; of a list those from elsewhere too. */
  drafts: DraftState[] | undefined = undefined;
  /** Once it is finished: its value, and what is new in it unless that is nothing. */
  finished: Container | undefined = undefined;
  changed: ChangedNode | undefined = undefined;

  /**
   * Always alive: V8 forgets the shape of a class, and throws away all machine code that knows it, when a full collection finds none of its instances.
   * Between two recipes there is no other.
   */
  static readonly first: DraftState = new DraftState({}, { isOpen: false, recordTraps: {}, listTraps: {} });

  static {
    // What `console.log` of a draft shows; called on the draft.
    Object.defineProperty(DraftState.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: DraftState): unknown {
        return (stateOf(this) ?? this).latest;
      },
    });
  }

  constructor(base: object, scope: DraftScope, parent?: DraftState, key?: string | number) {
    this.base = base as Container;
    this.parent = parent;
    this.key = key;
    this.scope = scope;
    this.isList = Array.isArray(base);
    this.proxy = this.isList ? new Proxy<[DraftState]>([this], scope.listTraps) : new Proxy<DraftState>(this, scope.recordTraps);
  }

  /** The node as it is now, drafts of nodes below in their places. @throws {TypeError} once the recipe has ended. */
  get latest(): Container {
    if (!this.scope.isOpen) throw new TypeError('A draft was used after its recipe had ended; take the value from the state instead.');
    return this.copy ?? this.base;
  }

  /** The items of a list as they are now, for going through them: a frozen list is read ten times as slowly as it is copied. */
  get items(): unknown[] {
    return this.latest && this.#copied();
  }

  /** The copy, for writing: notes that the node changes, and with it all above. */
  modified(): Container {
    this.#noteModified();
    return this.#copied();
  }

  /** Adds items to a list. To join two lists is twice as fast as to copy one and let it grow. */
  append(items: readonly unknown[]): void {
    this.#noteModified();
    if (!this.copy) this.copy = [...this.base].concat(items) as Container;
    else for (const item of items) this.copy.push(item);
  }

  /** What stands at a key of its own; a frozen node is drafted there, so that it may be changed. */
  draftAt(key: string): unknown {
    const { latest, base } = this;
    const value: unknown = latest[key as keyof Container];
    if (typeof value !== 'object' || value === null) return value;
    const isWhereItWas = latest === base || value === base[key as keyof Container];
    if (!isToBeDrafted(value, isWhereItWas)) return value;
    const inner = new DraftState(value, this.scope, this, isWhereItWas ? (this.isList ? Number(key) : key) : undefined);
    (this.#copied() as Record<string, unknown>)[key] = inner.proxy;
    this.noteDraft(inner);
    return inner.proxy;
  }

  /** A draft of a node that was taken out of this list, for whoever goes on with it. */
  draftOfRemoved(value: unknown): unknown {
    return typeof value === 'object' && value !== null && isToBeDrafted(value) ? new DraftState(value, this.scope, this).proxy : value;
  }

  /** Notes that a key was written. */
  touch(key: PropertyKey): void {
    this.touched = withKey(this.touched, key);
  }

  /** Notes that a key was written which was not there: the last one so far. */
  touchAsLast(key: PropertyKey): void {
    if (Object.hasOwn(this.base, key)) this.readded = (this.readded ?? new Set()).add(key);
    removeKey(this.touched, key);
    this.touch(key);
  }

  noteDraft(inner: DraftState): void {
    if (this.drafts) this.drafts.push(inner);
    else this.drafts = [inner];
  }

  #noteModified(): void {
    if (this.isModified) return;
    this.isModified = true;
    if (this.parent) this.parent.#noteModified();
  }

  /** Spreading a frozen list is 100 times as fast as slicing it. */
  #copied(): Container {
    this.copy ??= (this.isList ? [...this.base] : copyRecord(this.base)) as Container;
    return this.copy;
  }
}

/** What is behind a draft; undefined for any other value. */
export function stateOf(value: unknown): DraftState | undefined {
  return typeof value === 'object' && value !== null ? (value as { readonly [STATE]?: DraftState })[STATE] : undefined;
}

function isToBeDrafted(value: object, isKnownAsFrozen = false): boolean {
  if (isKnownAsFrozen) return isPlainJson(value);
  return !stateOf(value) && Object.isFrozen(value) && isPlain(value);
}
