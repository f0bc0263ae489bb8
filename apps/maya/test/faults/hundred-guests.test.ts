import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { MayaProcess } from '../support/maya-process.ts';
import { Visitor } from '../support/visitor.ts';

const GUESTS = 100;
const FOR_MS = 60_000;
/** As fast as the limit of a session lets a guest talk. */
const EVERY_MS = 6_000;
/** What each guest says in turn, and what it adds to the tab. */
const SAYINGS = [
  ['a tap beer please', 500],
  ['what is my tab?', 0],
  ['two lemonades, please', 400],
  ['how are you today?', 0],
  ['a water please', 100],
] as const;

interface Stay {
  readonly visitor: Visitor;
  said: number;
  tab: number;
}

async function stay(guest: Stay, since: number, offsetMs: number): Promise<void> {
  for (let pass = 0; pass * EVERY_MS < FOR_MS; pass++) {
    await sleep(Math.max(0, since + pass * EVERY_MS + offsetMs - performance.now()));
    const [text, price] = SAYINGS[pass % SAYINGS.length]!;
    const { status, error } = await guest.visitor.say(text);
    expect([status, error]).toEqual([200, undefined]);
    guest.said += 1;
    guest.tab += price;
  }
}

/** What the process holds in memory, in bytes. */
async function residentBytes(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

describe('a hundred guests at once', () => {
  it('for a minute have each their own tab, right to the cent, and the server stays small', async (test) => {
    if (process.platform !== 'linux') test.skip('Memory is read from /proc, which is there on Linux only.');
    await using maya = await MayaProcess.start({ wordDelayMs: 0 });
    const guests = Array.from({ length: GUESTS }, (): Stay => ({ visitor: new Visitor(maya.url), said: 0, tab: 0 }));
    await Promise.all(guests.map(async (guest) => void (await guest.visitor.say('hello'))));
    const before = await residentBytes(maya.pid);
    const since = performance.now();
    await Promise.all(guests.map((guest, index) => stay(guest, since, (EVERY_MS * index) / GUESTS)));
    const after = await residentBytes(maya.pid);

    for (const { visitor, said, tab } of guests) {
      const { payment, messages, isBusy } = await visitor.session();
      expect(said).toBe(FOR_MS / EVERY_MS);
      expect([payment.tab, payment.balance, messages.length, isBusy]).toEqual([tab, 100_000 - tab, 2 * (said + 1), false]);
    }
    // What a thousand turns leave behind in memory: nothing that grows without end.
    expect(after - before).toBeLessThan(150 * 2 ** 20);
    expect(after).toBeLessThan(600 * 2 ** 20);
  });
});
