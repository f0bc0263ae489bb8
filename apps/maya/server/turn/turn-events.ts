import type { ChatEvents } from '../http/contract.ts';

/** What a turn tells those who watch it; names and data are those of the page's event stream. */
export type TurnEvent = { [Name in keyof ChatEvents]: { readonly name: Name; readonly data: ChatEvents[Name] } }[keyof ChatEvents];
