import { describe, expect, it } from 'vitest';
import { StateManager, type UnsettledEffect } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { PaymentServer, type PaymentServerOptions } from '../support/payment-server.ts';
import { chargeAt, PRICE, Purse, START, type PurseValue } from '../support/purse.ts';
import { runProgramTraced } from '../support/run-program.ts';
import { reasonWithoutStrace } from '../support/store-strace.ts';
import { freshDatabase } from '../support/test-store.ts';

const reason = reasonWithoutStrace();
/** Where a commit becomes durable, a request leaves, or a line is printed. strace counts each on its own. */
const SYNCS = ['fsync', 'fdatasync', 'write', 'writev'] as const;
/** More steps than there are of one call. */
const MOST_STEPS = 300;

interface Variant extends PaymentServerOptions {
  /** System calls besides the syncs. */
  readonly also?: readonly string[];
  /** The provider answers everything once the process is dead. */
  readonly isWellAfter?: true;
  /** As test/support/programs/charge.ts takes it. */
  readonly how?: 'to the end' | 'mute' | 'closing';
}

interface Aftermath {
  readonly lines: readonly string[];
  /** Whether the provider had charged when the process was dead. */
  readonly chargedBefore: boolean;
  readonly before: PurseValue;
  readonly after: PurseValue;
  readonly unsettled: readonly UnsettledEffect[];
  readonly provider: PaymentServer;
}

/** A minute ahead, when the leases of a dead process are over. */
const clock = (): number => Date.now() + 60_000;

/** Opens the store as another process does later, and settles what can be settled. */
async function recover(path: string, provider: PaymentServer, how: string): Promise<Pick<Aftermath, 'before' | 'after' | 'unsettled'>> {
  const effects = [chargeAt(provider.url, { canAsk: how !== 'mute' })];
  const store = sqlite(path, { clock });
  const before = await StateManager.open({ store });
  const found = (await before.conversation('anna').get(Purse)).current;
  await before.close();
  await using state = await StateManager.open({ store, clock, effects, effectScanEveryMs: 1e9 });
  const anna = state.conversation('anna');
  const mayBeUnknown = ({ status }: UnsettledEffect): boolean => how === 'mute' && status === 'unknown';
  let unsettled = await anna.unsettledEffects();
  while (!unsettled.every(mayBeUnknown)) {
    await anna.reconcile();
    unsettled = await anna.unsettledEffects();
  }
  return { before: found, after: await (await anna.get(Purse)).refresh(), unsettled };
}

/** Kills the process that charges at every step that it makes, each time from the beginning, until it runs through; gives how often it was killed. */
async function killAtEveryStep(variant: Variant, assertAfter: (aftermath: Aftermath) => void): Promise<number> {
  let kills = 0;
  for (const call of [...SYNCS, ...(variant.also ?? [])]) {
    for (let step = 1; await isKilled(variant, `inject=${call}:signal=KILL:when=${step}`, assertAfter); step++) {
      kills += 1;
      expect(step).toBeLessThan(MOST_STEPS);
    }
  }
  return kills;
}

async function isKilled(
  { how = 'to the end', isWellAfter, ...options }: Variant,
  inject: string,
  assertAfter: (aftermath: Aftermath) => void,
) {
  await using provider = await PaymentServer.start(options);
  const path = freshDatabase();
  await (await StateManager.open({ store: sqlite(path) })).close();
  const program = runProgramTraced(['--seccomp-bpf', '-e', inject], 'charge', path, provider.url, how);
  const isThrough = (await program.ended.catch(() => null)) === 0;
  await provider.quiet();
  if (isWellAfter) provider.getWell();
  const chargedBefore = provider.charges.length > 0;
  const aftermath = { lines: program.lines, chargedBefore, provider, ...(await recover(path, provider, how)) };
  expect(aftermath.after.balance + aftermath.after.held + aftermath.after.spent, inject).toBe(START);
  assertAfter(aftermath);
  return !isThrough;
}

/** It is charged once if the intent was committed and never otherwise; no state said more than the provider's ledger. */
function assertChargedOnce({ lines, chargedBefore, before, after, unsettled, provider }: Aftermath): void {
  const { charges } = provider;
  const isIntended = before.held + before.spent > 0;
  expect(isIntended || !lines.includes('intended')).toBe(true);
  expect(before.spent === PRICE || !lines.includes('done')).toBe(true);
  expect(chargedBefore || before.spent === 0).toBe(true);
  expect(charges).toEqual(isIntended ? ['c1'] : []);
  expect(after).toMatchObject({ held: 0, spent: PRICE * charges.length });
  expect(after.settled).toMatchObject({ done: charges.length, failed: 0 });
  expect(unsettled).toEqual([]);
}

describe.skipIf(reason !== undefined)(`an effect killed at every step${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('is charged exactly once', async () => {
    const kills = await killAtEveryStep({ also: ['pwrite64'] }, assertChargedOnce);
    expect(kills).toBeGreaterThan(60);
  }, 1_200_000);

  it('is charged exactly once when the reply is lost', async () => {
    const kills = await killAtEveryStep({ charging: () => 'charged, reply lost' }, assertChargedOnce);
    expect(kills).toBeGreaterThan(10);
  }, 600_000);

  it('is charged exactly once when the provider cannot say for a while', async () => {
    const kills = await killAtEveryStep(
      { charging: () => 'charged, reply lost', asking: (before) => (before < 3 ? 'down' : 'truth') },
      assertChargedOnce,
    );
    expect(kills).toBeGreaterThan(10);
  }, 600_000);

  it('is charged exactly once when the first request is lost and it runs again', async () => {
    const kills = await killAtEveryStep({ charging: (before) => (before === 0 ? 'request lost' : 'charged') }, (aftermath) => {
      assertChargedOnce(aftermath);
      expect(aftermath.provider.requests.length).toBeLessThanOrEqual(2);
    });
    expect(kills).toBeGreaterThan(10);
  }, 600_000);

  it('is charged exactly once when its manager closes while it runs', async () => {
    const kills = await killAtEveryStep({ how: 'closing', charging: () => 'charged, no answer', isWellAfter: true }, assertChargedOnce);
    expect(kills).toBeGreaterThan(5);
  }, 600_000);

  it('is run once, and stays unknown for ever when it had started and nobody can be asked', async () => {
    const ends = new Set<string>();
    const kills = await killAtEveryStep({ how: 'mute' }, ({ lines, before, after, unsettled, provider }) => {
      expect(provider.requests.length).toBeLessThanOrEqual(1);
      expect(before.held + before.spent === PRICE || !lines.includes('intended')).toBe(true);
      expect(provider.charges.length === 1 || after.spent === 0).toBe(true);
      expect(unsettled).toMatchObject(after.held > 0 ? [{ name: 'charge', key: 'c1', status: 'unknown' }] : []);
      ends.add(after.held > 0 ? 'unknown' : after.spent > 0 ? 'done' : 'never intended');
    });
    expect(ends).toEqual(new Set(['unknown', 'done', 'never intended']));
    expect(kills).toBeGreaterThan(10);
  }, 600_000);
});
