/** Somebody who says sentences aloud, for one key. */
export interface Voice {
  /** The sentence as a WAV file. @throws when it cannot be said, also after trying again; or the signal's reason. */
  speak(text: string, signal: AbortSignal): Promise<Uint8Array>;
  /** Ends its requests. */
  close(): void;
}
