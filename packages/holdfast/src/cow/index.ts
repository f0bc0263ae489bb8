export { difference } from './difference.ts';
export { detach, openDraft, patched } from './draft.ts';
export type { Draft, OpenDraft } from './draft.ts';
export { freezeJson, freezeParsed } from './json.ts';
export type { Json } from './json.ts';
export { mergeThreeWay } from './merge.ts';
export type { MergeConflict } from './merge.ts';
export { applyPatches } from './patch.ts';
export type { Patch } from './patch.ts';
