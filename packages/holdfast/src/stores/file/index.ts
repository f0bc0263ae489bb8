export { files } from './file-store.ts';
export type { FileStore } from './file-store.ts';
export type { FileFormat, StateAddress } from './file-names.ts';
export type { FilesOptions } from './files-options.ts';
export type { FileReport, Reporter } from './report.ts';
export type { Place } from './state-places.ts';
