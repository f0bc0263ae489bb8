import { timingSafeEqual } from 'node:crypto';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { HoldfastError } from '../errors/index.ts';
import { shown, type Envelope } from './envelope.ts';
import type { Binding } from './sealing.ts';

const MAX_BYTES = 65_536;

/** @internal What a secret hides: a plaintext that is not sealed yet, or an envelope and how to open it. */
export type SecretContent =
  | { readonly plain: string }
  | { readonly envelope: Envelope; readonly binding: Binding; readonly isMisplaced: boolean; readonly open: () => string };

/** @internal The way of the engine into a secret; nothing outside of this folder has it. */
export let contentOf: (secret: Secret) => SecretContent;

/**
 * A text that nothing prints, logs or sends by accident: as a string, in JSON and in the inspector it is `[secret a1b2c3d4]`, a fingerprint by which
 * the same secret of the same subject is recognised. Stands in a state where its definition's `secrets` say so, and is stored encrypted.
 */
export class Secret {
  /** 8 hex digits, different for different subjects; `unsealed` before the secret is committed. */
  readonly fingerprint: string;
  readonly #content: SecretContent;

  static {
    contentOf = (secret) => secret.#content;
    Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: Secret): string {
        return shown(this.fingerprint);
      },
    });
  }

  /** @internal Use {@link Secret.of}. */
  constructor(content: SecretContent) {
    this.#content = content;
    this.fingerprint = 'plain' in content ? 'unsealed' : content.envelope.fp;
    Object.freeze(this);
  }

  /**
   * Wraps a text of 1 byte to 64 kB.
   * @throws {HoldfastError} INVALID_ARGUMENT for anything else; the message does not show it.
   */
  static of(plain: string): Secret {
    if (typeof plain !== 'string' || plain === '' || !plain.isWellFormed() || Buffer.byteLength(plain) > MAX_BYTES) {
      throw new HoldfastError('INVALID_ARGUMENT', `A secret must be well-formed text of 1 to ${MAX_BYTES} bytes.`, { argument: 'plain' });
    }
    return new Secret({ plain });
  }

  /**
   * The text itself. Costs a decryption, some microseconds.
   * @throws {HoldfastError} SECRET_UNREADABLE when its key was erased or is not at hand, or when what is stored was tampered with.
   */
  reveal(): string {
    return 'plain' in this.#content ? this.#content.plain : this.#content.open();
  }

  /** Whether both hide the same text. One that cannot be opened equals only its own copies. */
  equals(other: unknown): boolean {
    if (!(other instanceof Secret)) return false;
    const [a, b] = [this.#content, other.#content];
    if (a === b || ('envelope' in a && 'envelope' in b && a.envelope.iv === b.envelope.iv && a.envelope.data === b.envelope.data))
      return true;
    try {
      const [plain, otherPlain] = [Buffer.from(this.reveal()), Buffer.from(other.reveal())];
      return plain.length === otherPlain.length && timingSafeEqual(plain, otherPlain);
    } catch {
      return false;
    }
  }

  toString(): string {
    return shown(this.fingerprint);
  }

  toJSON(): string {
    return shown(this.fingerprint);
  }
}

export function isSecret(node: object): boolean {
  return node instanceof Secret;
}

/** Accepts a {@link Secret}: for schemas that are written by hand. With zod it is `z.instanceof(Secret)`. */
export const secretSchema: StandardSchemaV1<unknown, Secret> = {
  '~standard': {
    version: 1,
    vendor: 'holdfast',
    validate: (value) => (value instanceof Secret ? { value } : { issues: [{ message: 'a Secret belongs here' }] }),
  },
};
