import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineState, freeForm, StateManager, type Json } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { expect, it } from 'vitest';
import { SessionTokens } from '../../server/session/session-tokens.ts';
import { OpenBar } from '../support/open-bar.ts';

const SESSION = 'AAAAAAAAAAAAAAAAAAAAAA';

/** A store in which an older release has left a session with these states. */
async function storeOf(
  states: Readonly<Record<string, Readonly<Record<string, Json>>>>,
): Promise<{ directory: string; database: undefined }> {
  const directory = await mkdtemp(join(tmpdir(), 'maya-'));
  const state = await StateManager.open({ store: sqlite(join(directory, 'bar.db')) });
  for (const [name, value] of Object.entries(states)) {
    const older = defineState({ name, scope: 'conversation', schema: freeForm, initial: {} });
    await (await state.conversation(SESSION).get(older)).set(value);
  }
  await state.close();
  return { directory, database: undefined };
}

it('a session of an older release that lacks a state or a field goes on with what it has', async () => {
  const item = { id: 'a.0', name: 'Martini', unitPrice: 1300, quantity: 1, modifiers: [], lineTotal: 1300, turn: 1 };
  const kept = await storeOf({
    conversation: { turnCount: 4, phase: 'small_talk', messages: [] },
    payment: { balance: 98_700, tabTotal: 1300, status: 'pending' },
    orderHistory: { items: [{ item, settlement: 'open' }], totalCost: 1300 },
    apiKeys: { gemini: null },
  });
  await using bar = await OpenBar.open({ store: 'sqlite', kept });
  const tokens = await SessionTokens.open(bar.maya.state);
  const guest = bar.visitor(`maya_session=${tokens.make(SESSION)}`);

  expect((await guest.session()).payment).toMatchObject({ balance: 98_700, tab: 1300, tip: 0, status: 'pending' });
  await guest.say('a tap beer please');

  expect(await guest.session()).toMatchObject({
    phase: 'small_talk',
    payment: { balance: 98_200, tab: 1800 },
    order: { items: [{ name: 'Tap Beer' }] },
  });
});
