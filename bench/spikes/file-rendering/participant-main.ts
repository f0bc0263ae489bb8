// One process of a check: `participant-main.ts <directory> <renderer> <task> [argument]`.
import { readFileSync } from 'node:fs';
import { versionOf } from './content.ts';
import { renderers, type OnStep, type RendererName } from './render.ts';
import { commitNext, openShared, readHead } from './shared-database.ts';

const [directory, renderer, task, argument] = process.argv.slice(2) as [string, RendererName, string, string?];
const shared = openShared(directory, task === 'once' ? argument : undefined);
const render = renderers[renderer];

const tasks: Record<string, () => void> = {
  /** Commits and renders in turn. */
  race: () => {
    let replaced = 0;
    for (let n = 0; n < Number(argument); n++) {
      commitNext(shared.db);
      if (render(shared).isReplaced) replaced++;
    }
    console.log(JSON.stringify({ replaced }));
  },
  /** Reads the file over and over until the head is that version and has been seen. */
  watch: () => {
    let [last, reads] = [0, 0];
    while (last < Number(argument)) {
      const version = versionOf(readFileSync(shared.file, 'utf8'));
      if (version < last) throw new Error(`the file went back from ${last} to ${version}`);
      last = version;
      reads++;
    }
    console.log(JSON.stringify({ reads }));
  },
  /** Renders once; the argument names its temporary file. */
  once: () => void render(shared),
  /** Renders once and stops itself with SIGSTOP at a step. */
  'stop-at': () => console.log(JSON.stringify(render(shared, at(argument, 'SIGSTOP')))),
  /** Renders once and dies at a step. */
  'die-at': () => void render(shared, at(argument, 'SIGKILL')),
  /** Commits once, then renders, and says how long that took. */
  'commit-and-render': () => {
    const start = performance.now();
    commitNext(shared.db);
    const committedMs = performance.now() - start;
    console.log(JSON.stringify({ committedMs, isReplaced: render(shared).isReplaced, version: readHead(shared.db).version }));
  },
};

const run = tasks[task];
if (!run) throw new Error(`no task ${task}`);
console.log('"begins"');
run();
shared.db.close();

function at(wanted: string | undefined, signal: 'SIGSTOP' | 'SIGKILL'): OnStep {
  return (step) => {
    if (step === wanted) process.kill(process.pid, signal);
  };
}
