/** A chat of Cursor's that is neither archived nor a draft nor empty. */
export interface CursorChat {
  readonly id: string;
  readonly name: string | null;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly lastUpdatedAt: number;
}

/** What was found of Cursor's chats of a folder. */
export type CursorReading =
  | {
      readonly kind: 'read';
      /** All of them, newest first. */
      readonly chats: readonly CursorChat[];
      /** The chat that somebody looks at. */
      readonly focusedId: string | null;
    }
  /** `absent`: Cursor knows nothing of the folder. `failed`: its database cannot be read now. Neither says anything about chats. */
  | { readonly kind: 'absent' | 'failed'; readonly message: string };
