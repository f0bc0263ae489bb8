import { StateManager, type Usage } from 'holdfast';
import type { Output } from './output.ts';
import { storeAt } from './store-address.ts';

/** Says how much a store holds. Reads only. */
export async function duCommand(address: string, output: Output): Promise<void> {
  const addressed = storeAt(address, 'json');
  try {
    await using state = await StateManager.open({ store: addressed.store, readOnly: true });
    const usage = await state.du();
    output.result({ store: addressed.shown, ...usage }, asTable(usage));
  } finally {
    await addressed.close();
  }
}

function asTable({ history, snapshots, items, log, total, scopes, states, onDiskBytes }: Usage): string {
  const rows = [
    ...Object.entries({ history, snapshots, items, log, total }).map(([name, { records, bytes }]) => [name, records, bytes] as const),
    ...Object.entries(scopes).map(([scope, { entities, bytes }]) => [`scope ${scope}`, entities, bytes] as const),
    ...Object.entries(states).map(([state, of]) => [state, of.history.records, of.history.bytes + of.snapshots.bytes] as const),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, records, bytes]) => `${name.padEnd(width)} ${String(records).padStart(9)} ${sizeOf(bytes).padStart(9)}`);
  return [...lines, ...(onDiskBytes === undefined ? [] : [`on disk: ${sizeOf(onDiskBytes)}`])].join('\n');
}

function sizeOf(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kB'] : bytes < 1e9 ? [bytes / 1_000_000, 'MB'] : [bytes / 1e9, 'GB'];
  return `${size.toFixed(1)} ${unit}`;
}
