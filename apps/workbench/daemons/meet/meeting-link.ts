/** Where meetings are held, as calendars write it. */
const LINK =
  /https:\/\/(?:meet\.google\.com\/[a-z-]{3,40}|[\w.-]{1,100}\.?zoom\.us\/[jw]\/\d{5,20}|teams\.(?:microsoft|live)\.com\/[^\s<>"\\]{1,1000}|[\w.-]{1,100}\.webex\.com\/[^\s<>"\\]{1,500})/i;
const MOST_TEXT = 20_000;

/** The first link to a meeting in some texts; null for none. */
export function meetingLink(...texts: readonly unknown[]): string | null {
  for (const text of texts) {
    const found = typeof text === 'string' ? LINK.exec(text.slice(0, MOST_TEXT)) : null;
    if (found) return found[0];
  }
  return null;
}
