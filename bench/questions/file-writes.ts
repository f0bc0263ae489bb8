import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { defineState, StateManager, type StateDefinition, type StateHandle } from 'holdfast';
import { files } from 'holdfast/files';
import { z } from 'zod';
import { BenchDirectory } from '../bench-state.ts';
import type { BenchQuestion, BenchSide } from '../question.ts';

const ConfigSchema = z.strictObject({ count: z.int(), entries: z.array(z.strictObject({ name: z.string(), note: z.string() })) });

/** A configuration of about 10 kB, of which one number changes. */
const Config: StateDefinition<z.infer<typeof ConfigSchema>, 'global'> = defineState({
  name: 'config',
  scope: 'global',
  schema: ConfigSchema,
  initial: { count: 0, entries: Array.from({ length: 100 }, (_, index) => ({ name: `entry-${index}`, note: 'x'.repeat(60) })) },
});

async function perSecond(times: number, change: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  for (let done = 0; done < times; done++) await change();
  return (times * 1_000) / (performance.now() - start);
}

/** Changes that are durable when they are answered; each in its file too, when it is flushed. */
function holdfast(isFlushed: boolean): Pick<BenchSide, 'open' | 'round' | 'close'> {
  const directory = new BenchDirectory();
  let state: StateManager | undefined;
  let config: StateHandle<z.infer<typeof ConfigSchema>> | undefined;
  return {
    open: async () => {
      state = await StateManager.open({ store: files(directory.path) });
      config = await state.global().get(Config);
    },
    round: async ({ quick }) =>
      await perSecond(quick ? 20 : 200, async () => {
        await config!.update((draft) => void (draft.count += 1));
        if (isFlushed) await state!.flush();
      }),
    close: async () => {
      await state?.close();
      directory.remove();
    },
  };
}

const directory = new BenchDirectory();
let count = 0;

/** What programs do that are careful with their files, and keep no history. */
function replaceFile(): void {
  const [path, temporary] = [directory.file('config.json'), directory.file('config.json.tmp')];
  count += 1;
  const fd = openSync(temporary, 'w', 0o600);
  writeSync(fd, `${JSON.stringify({ ...Config.initial, count }, undefined, 2)}\n`);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(temporary, path);
  const parent = openSync(directory.path, 'r');
  fsyncSync(parent);
  closeSync(parent);
}

/** A change of a configuration file of 10 kB: the commit is safe before its file is rendered, so the caller waits for less than a careful program does. */
export const question: BenchQuestion = {
  title: 'a durable change of a 10 kB file',
  unit: 'per second',
  sides: [
    { name: 'holdfast on files', ...holdfast(false) },
    {
      name: 'tmp + fsync + rename',
      target: { atLeast: 1 },
      round: ({ quick }) => perSecond(quick ? 20 : 200, replaceFile),
      close: () => directory.remove(),
    },
    { name: 'holdfast, flushed each time', ...holdfast(true) },
  ],
};
