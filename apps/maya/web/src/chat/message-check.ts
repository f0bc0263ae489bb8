/** The longest message that the bar takes, in UTF-16 code units as the server counts them. */
export const MAX_MESSAGE_LENGTH = 2000;

/** From here on the composer says how much is left. */
export const LENGTH_SHOWN_FROM = 1800;

export type MessageCheck =
  | { readonly isFit: true; readonly text: string }
  | { readonly isFit: false; readonly reason: 'empty' | 'too-long' };

/** Whether what was typed can be sent; `text` is without the white space around it. */
export function checkMessage(typed: string): MessageCheck {
  const text = typed.trim();
  if (text === '') return { isFit: false, reason: 'empty' };
  return text.length > MAX_MESSAGE_LENGTH ? { isFit: false, reason: 'too-long' } : { isFit: true, text };
}
