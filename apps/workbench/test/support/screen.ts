import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink';
import { createElement } from 'react';
import { expect, onTestFinished } from 'vitest';
import { Dashboard } from '../../top/dashboard.ts';
import { ScriptedCalls, type ScriptedOverview } from './scripted-overview.ts';

/** The dashboard on a screen that a test reads. */
export class Screen {
  readonly calls = new ScriptedCalls();
  readonly #out = Object.assign(new EventEmitter(), { columns: 100, rows: 30, isTTY: true, write: (frame: string) => this.#take(frame) });
  readonly #in = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => this.#in, ref: () => this.#in, unref: () => this.#in });
  #frame = '';

  constructor({ overview }: ScriptedOverview, size: { readonly columns?: number; readonly rows?: number } = {}) {
    Object.assign(this.#out, size);
    const screen = render(createElement(Dashboard, { overview, calls: this.calls, hasColour: false }), {
      stdout: this.#out as unknown as NodeJS.WriteStream,
      stdin: this.#in as unknown as NodeJS.ReadStream,
      debug: true,
      interactive: true,
      patchConsole: false,
      exitOnCtrlC: false,
    });
    onTestFinished(() => screen.unmount());
  }

  /** What is on it now, without what steers it. */
  get text(): string {
    return stripVTControlCharacters(this.#frame);
  }

  /** What is on it now, as it was written. */
  get raw(): string {
    return this.#frame;
  }

  press(keys: string): void {
    this.#in.write(keys);
  }

  resize(columns: number, rows: number): void {
    Object.assign(this.#out, { columns, rows });
    this.#out.emit('resize');
  }

  async sees(text: string): Promise<void> {
    await expect.poll(() => this.text, { timeout: 5_000 }).toContain(text);
  }

  async seesNot(text: string): Promise<void> {
    await expect.poll(() => this.text, { timeout: 5_000 }).not.toContain(text);
  }

  #take(frame: string): boolean {
    if (frame.trim() !== '') this.#frame = frame;
    return true;
  }
}
