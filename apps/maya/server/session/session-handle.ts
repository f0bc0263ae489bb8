import { createHash, randomBytes } from 'node:crypto';

const HANDLE = /^bar-[\w-]{43}$/;

/**
 * What a client of the MCP server knows its session by: 256 random bits. The session's id, which is a credential too, is a hash of the handle: nothing
 * needs to be looked up, no id of a session is a handle, and a handle is stored nowhere.
 */
export class SessionHandle {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  static make(): SessionHandle {
    return new SessionHandle(`bar-${randomBytes(32).toString('base64url')}`);
  }

  /** Undefined for what has not the form of a handle. */
  static read(text: string): SessionHandle | undefined {
    return HANDLE.test(text) ? new SessionHandle(text) : undefined;
  }

  get sessionId(): string {
    return createHash('sha256').update(this.text).digest().subarray(0, 16).toString('base64url');
  }
}
