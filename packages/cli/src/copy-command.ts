import { copyStore } from 'holdfast';
import type { FileFormat } from 'holdfast/files';
import type { Output } from './output.ts';
import { progressOn } from './progress.ts';
import { storeAt } from './store-address.ts';

export interface CopyArguments {
  readonly from: string;
  readonly to: string;
  readonly format: FileFormat;
  readonly signal: AbortSignal;
}

/** Copies a store into an empty one, or goes on with a copy that was cut short. */
export async function copyCommand({ from, to, format, signal }: CopyArguments, output: Output): Promise<void> {
  const source = storeAt(from, format);
  const target = storeAt(to, format);
  try {
    const onProgress = progressOn(process.stderr);
    const report = await copyStore(source.store, target.store, { signal, ...(!output.isJson && { onProgress }) });
    const { entities, commits, changes, items, checksum, resumed } = report;
    output.result(
      { from: source.shown, to: target.shown, ...report },
      [
        `${resumed ? 'Went on with the copy of' : 'Copied'} ${source.shown} to ${target.shown}.`,
        `${entities} entities, ${commits} commits with ${changes} versions, ${items} items; both stores have the checksum ${checksum.slice(0, 16)}.`,
        'Let nobody go on with the source.',
      ].join('\n'),
    );
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}
