export { changeFeed } from './change-feed.ts';
export type { ChangesOptions, FeedSource } from './change-feed.ts';
export type { ChangeEvent, CommitEvent } from './commit-event.ts';
export { publishError } from './diagnostics.ts';
export { holdProcess } from './hold-process.ts';
export { subscribe } from './subscription.ts';
export type { Watched } from './subscription.ts';
