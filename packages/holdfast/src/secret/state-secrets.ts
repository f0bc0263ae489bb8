import { HoldfastError, type ValidationIssue } from '../errors/index.ts';
import type { Requirement } from '../store/index.ts';
import { isEnvelope, replaceEnvelopes, type Envelope } from './envelope.ts';
import type { HeldKey, KeyRing } from './key-ring.ts';
import { matches, pathPattern, replaceAt, type Path, type PathPattern } from './path-pattern.ts';
import { open, seal, type Binding } from './sealing.ts';
import { contentOf, Secret } from './secret.ts';

/** The part of a patch that matters here: what it puts at its path, or into the list there. */
interface ValueAtPath {
  readonly path: Path;
  readonly value?: unknown;
  readonly items?: readonly unknown[];
}

/** The entity of the state, as it stands when it is asked. */
export interface SecretHolder {
  /** Undefined until it is stored. */
  readonly eid: number | undefined;
  readonly name: string;
  readonly subject: string | undefined;
}

/** A changed state whose secrets are all sealed for their places. */
interface Sealed<P> {
  readonly after: unknown;
  readonly patches: readonly P[] | undefined;
  /** What must hold when it is committed: the key was not destroyed meanwhile. */
  readonly requires: readonly Requirement[];
}

/** The secrets of one state of one entity: revives them when it is read, seals them when it is written. */
export class StateSecrets {
  readonly #patterns: readonly PathPattern[];
  readonly #keys: KeyRing;
  readonly #state: string;
  readonly #entity: SecretHolder;
  /** Keeps the key in memory for as long as the state, or a secret of it, is. */
  #kept: HeldKey | undefined;

  constructor(patterns: readonly string[], keys: KeyRing, state: string, entity: SecretHolder) {
    this.#patterns = patterns.map(pathPattern);
    this.#keys = keys;
    this.#state = state;
    this.#entity = entity;
  }

  /** Makes the key ready for what was read, where there is one. */
  async load(): Promise<void> {
    this.#kept = await this.#keys.load(this.#subject);
  }

  /** Makes the key ready for writing, also where there is none yet. */
  async ready(): Promise<void> {
    this.#kept = await this.#keys.ready(this.#subject);
  }

  /** Whether a node is a secret in a declared place. */
  readonly isInPlace = (node: object, path: Path): boolean =>
    node instanceof Secret && this.#patterns.some((pattern) => matches(pattern, path));

  /** What stands in the places of secrets and is none. The messages do not show it. */
  issues(value: unknown): readonly ValidationIssue[] | undefined {
    const issues: ValidationIssue[] = [];
    replaceAt(value, [], this.#patterns, (node, path) => {
      const isFine = node === null || node === undefined || node instanceof Secret;
      if (!isFine) issues.push({ path, message: 'a secret belongs here, as Secret.of(text), or null' });
      return node;
    });
    return issues.length > 0 ? issues : undefined;
  }

  /** A stored value with its envelopes as secrets. In a value of another version of the definition they are found wherever they were. */
  revive(stored: unknown, isOfThisVersion: boolean): unknown {
    const patterns = isOfThisVersion ? this.#patterns : patternsIn(stored);
    return replaceAt(stored, [], patterns, (node, path) => (isEnvelope(node) ? this.#secret(node, !isUnder(node, path)) : node));
  }

  /** A stored value whose definition is not at hand, with its envelopes as secrets. They cannot be opened where there are no master keys. */
  async reviveAll(stored: unknown): Promise<unknown> {
    if (patternsIn(stored).length > 0 && this.#keys.hasProvider) await this.load();
    return this.revive(stored, false);
  }

  /** The value as it is stored. */
  stored(value: unknown): unknown {
    return replaceAt(value, [], this.#patterns, toEnvelope);
  }

  /** The patches as they are stored. */
  storedPatches<P extends ValueAtPath>(patches: readonly P[]): readonly P[] {
    return this.#patchesWith(patches, toEnvelope);
  }

  /**
   * Seals what is not sealed for its place yet; a secret that stays where it was keeps its envelope.
   * @throws {HoldfastError} SECRET_UNREADABLE when there is no key, or for a secret from elsewhere that cannot be opened.
   */
  seal<P extends ValueAtPath>(after: unknown, patches: readonly P[] | undefined): Sealed<P> {
    const held = this.#held;
    // The same secret in a patch and in the value becomes one envelope.
    const sealed = new Map<string, Map<Secret, Secret>>(this.#patterns.map(({ text }) => [text, new Map<Secret, Secret>()]));
    // With a new entity a secret may come along that is sealed already: nothing else keeps the key of its subject.
    let isNeeded = this.#entity.eid === undefined;
    const sealAt = (node: unknown, path: Path, { text }: PathPattern): unknown => {
      if (!(node instanceof Secret) || this.#isAtHome(node, path)) return node;
      const known = sealed.get(text)?.get(node);
      if (known) return known;
      if (!held?.key) throw this.#unreadable(text, 'no master key at hand opens the data key of its subject');
      const fresh = this.#secret(seal(held.key, this.#binding, text, node.reveal()), false);
      sealed.get(text)?.set(node, fresh);
      isNeeded = true;
      return fresh;
    };
    const sealedAfter = replaceAt(after, [], this.#patterns, sealAt);
    const sealedPatches = patches && this.#patchesWith(patches, sealAt);
    return { after: sealedAfter, patches: sealedPatches, requires: held && isNeeded ? held.stillThere : [] };
  }

  get #held(): HeldKey | undefined {
    this.#kept = this.#keys.held(this.#subject);
    return this.#kept;
  }

  get #subject(): string {
    return this.#entity.subject ?? this.#entity.name;
  }

  get #binding(): Binding {
    return { subject: this.#subject, state: this.#state };
  }

  /** Whether it was sealed for this place, and needs no other key: one that cannot be opened stays as it is. */
  #isAtHome(secret: Secret, path: Path): boolean {
    const content = contentOf(secret);
    if ('plain' in content) return false;
    const { envelope, binding, isMisplaced } = content;
    if (isMisplaced) return true;
    if (binding.subject !== this.#subject || binding.state !== this.#state || !isUnder(envelope, path)) return false;
    // A new entity gets no secret that nobody can open, because its key was destroyed with the entity that it comes from.
    return envelope.kid === this.#held?.key?.kid || (this.#entity.eid !== undefined && !isReadable(secret));
  }

  #secret(envelope: Envelope, isMisplaced: boolean): Secret {
    const binding = this.#binding;
    return new Secret({ envelope, binding, isMisplaced, open: () => this.#open(binding, envelope, isMisplaced) });
  }

  #open(binding: Binding, envelope: Envelope, isMisplaced: boolean): string {
    if (isMisplaced) throw this.#unreadable(envelope.at, 'it was sealed for another place');
    const held = this.#held;
    if (!held) throw this.#unreadable(envelope.at, 'the data key of its subject was erased');
    if (!held.key) throw this.#unreadable(envelope.at, 'no master key at hand opens the data key of its subject');
    if (held.key.kid !== envelope.kid) throw this.#unreadable(envelope.at, 'it was sealed with a data key that is erased');
    try {
      return open(held.key, binding, envelope);
    } catch {
      throw this.#unreadable(envelope.at, 'it was tampered with, or sealed for another state or subject');
    }
  }

  #patchesWith<P extends ValueAtPath>(patches: readonly P[], replace: Parameters<typeof replaceAt>[3]): readonly P[] {
    return patches.map((patch) => {
      const part = patch.items ? 'items' : 'value';
      const replaced = replaceAt(patch[part], patch.path, this.#patterns, replace);
      return replaced === patch[part] ? patch : { ...patch, [part]: replaced };
    });
  }

  #unreadable(path: string, why: string): HoldfastError {
    const { name: entity } = this.#entity;
    const state = this.#state;
    return new HoldfastError('SECRET_UNREADABLE', `The secret ${path} of ${state} of ${entity} cannot be opened: ${why}.`, {
      entity,
      state,
      path,
    });
  }
}

function toEnvelope(node: unknown): unknown {
  if (!(node instanceof Secret)) return node;
  const content = contentOf(node);
  if ('plain' in content) throw new TypeError('A secret was to be stored before it was sealed.');
  return content.envelope;
}

function patternsIn(stored: unknown): readonly PathPattern[] {
  const texts = new Set<string>();
  replaceEnvelopes(stored, (envelope) => {
    texts.add(envelope.at);
    return envelope;
  });
  return [...texts].map(pathPattern);
}

/** Whether the envelope was sealed under a pattern that leads here. */
function isUnder({ at }: Envelope, path: Path): boolean {
  return matches(pathPattern(at), path);
}

function isReadable(secret: Secret): boolean {
  try {
    secret.reveal();
    return true;
  } catch {
    return false;
  }
}
