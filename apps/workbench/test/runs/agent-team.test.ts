import { expect, test } from 'vitest';
import { AgentTeam } from '../../runs/agent-team.ts';
import { openHome } from '../support/open-home.ts';

async function openTeam() {
  const { state } = await openHome();
  const team = await AgentTeam.open(state, 'bar');
  await team.join('anna', 'lead');
  await team.join('ben', 'tester');
  return { state, team };
}

test('agents hear what is said to them and to all, and not what they said themselves', async () => {
  const { team } = await openTeam();
  await team.join('cleo', 'writer');
  await team.send('anna', 'Good morning');
  const first = await team.send('anna', 'Test this', 'ben');
  await team.send('ben', 'Done', 'anna');
  expect(team.inbox('ben').map(({ text }) => text)).toEqual(['Good morning', 'Test this']);
  expect(team.inbox('cleo').map(({ text }) => text)).toEqual(['Good morning']);
  expect(team.inbox('anna', first).map(({ from, text }) => `${from}: ${text}`)).toEqual(['ben: Done']);
});

test('messages are heard in another process’s handle, and its agents share one context', async () => {
  const { state, team } = await openTeam();
  const other = await AgentTeam.open(state, 'bar');
  await other.share('ben', 'plan', { steps: ['mix'] });
  expect(team.shared('plan')).toEqual({ steps: ['mix'] });
  await team.share('anna', 'plan', undefined);
  expect(other.shared('plan')).toBeUndefined();
  expect(team.shared('constructor')).toBeUndefined();
});

test('who is not in the team neither speaks nor is spoken to', async () => {
  const { team } = await openTeam();
  await team.leave('ben');
  for (const sending of [() => team.send('ben', 'Hello'), () => team.send('anna', 'Hello', 'ben'), () => team.send('constructor', 'Hello')])
    await expect(sending()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(team.journal.messages()).toEqual([]);
  await expect(team.leave('ben')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('an agent that joins again has another role, and is no newcomer', async () => {
  const { team } = await openTeam();
  const before = team.agents()['ben'];
  await team.join('ben', 'lead');
  expect(team.agents()['ben']).toEqual({ ...before, role: 'lead' });
});

test('messages are bounded in size and number', async () => {
  const { team } = await openTeam();
  await expect(team.send('anna', 'x'.repeat(100_001))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  await team.journal.change('many', (draft) => {
    const at = '2026-03-02T14:00:00.000Z';
    for (let n = 1; n <= 2_000; n += 1) draft.messages[`m${n}`] = { n, at, from: 'anna', to: null, text: String(n) };
  });
  await team.send('anna', 'last');
  const texts = team.journal.messages().map(({ text }) => text);
  expect([texts.length, texts[0], texts.at(-1)]).toEqual([2_000, '2', 'last']);
});

test('there are at most a hundred agents', async () => {
  const { team } = await openTeam();
  await Promise.all(Array.from({ length: 98 }, (_, index) => team.join(`agent-${index}`, 'tester')));
  await expect(team.join('one-more', 'tester')).rejects.toMatchObject({ code: 'REFUSED' });
});
