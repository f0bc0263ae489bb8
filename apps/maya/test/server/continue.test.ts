import { describe, expect, it } from 'vitest';
import { OpenBar } from '../support/open-bar.ts';
import type { Visitor } from '../support/visitor.ts';

async function linkOf(guest: Visitor): Promise<string> {
  return ((await (await guest.post('/api/session/link')).json()) as { link: string }).link;
}

describe('a link to another device', () => {
  it('gives it the session, live on both, and is good once', async () => {
    await using bar = await OpenBar.open({ store: 'sqlite' });
    const [guest, phone, thief] = [bar.visitor(), bar.visitor(), bar.visitor()];
    await guest.say('two dry martinis please');
    const link = await linkOf(guest);

    expect(await (await phone.request(link)).text()).toContain('Continue here');
    expect(phone.cookie).toBeUndefined();
    const taken = await phone.post(link);
    expect([taken.status, taken.headers.get('location')]).toEqual([303, '/']);
    expect(await phone.session()).toEqual(await guest.session());
    await phone.say('a tap beer please');
    expect((await guest.session()).payment.tab).toBe(3100);

    const late = await thief.post(link);
    expect([late.status, thief.cookie]).toEqual([410, undefined]);
    expect(await late.text()).toContain('no longer good');
  });

  it('is taken up by one of two who press at once', async () => {
    await using bar = await OpenBar.open({ store: 'sqlite' });
    const guest = bar.visitor();
    await guest.say('a rum please');
    const link = await linkOf(guest);
    const answers = await Promise.all([1, 2, 3, 4].map(() => bar.visitor().post(link)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('ends after ten minutes, and with the session', async () => {
    let now = Date.now();
    await using bar = await OpenBar.open({ clock: () => now });
    const guest = bar.visitor();
    await guest.say('a rum please');
    const [old, fresh] = [await linkOf(guest), await linkOf(guest)];
    now += 599_000;
    expect((await bar.visitor().post(fresh)).status).toBe(303);
    now += 1_000;
    expect((await bar.visitor().post(old)).status).toBe(410);
    const last = await linkOf(guest);
    await guest.post('/api/reset');
    expect((await bar.visitor().post(last)).status).toBe(410);
  });

  it('is whole where the bar has a public address, and is nowhere in the log nor in the store', async () => {
    await using bar = await OpenBar.open({ store: 'files', publicUrl: 'https://bar.example/' });
    const guest = bar.visitor();
    await guest.say('a rum please');
    const link = await linkOf(guest);
    expect(link).toMatch(/^https:\/\/bar\.example\/continue\/[\w-]{43}$/);
    const token = link.split('/').at(-1)!;
    expect(bar.logged.join('')).not.toContain(token);
    const stored = await bar.maya.state.workflow(`invitation-${token}`).exists();
    expect(stored).toBe(false);
  });

  it.each(['x', 'A'.repeat(43), '__proto__'])('that was never made (%s) is refused, and leaves nothing behind', async (token) => {
    await using bar = await OpenBar.open();
    expect((await bar.visitor().post(`/continue/${token}`)).status).toBe(410);
    expect(await bar.maya.state.list({ scope: 'workflow' })).toEqual([]);
  });

  it('from another site confirms nothing', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('a rum please');
    const link = await linkOf(guest);
    expect((await bar.visitor().request(link, { method: 'POST', headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect((await bar.visitor().post(link)).status).toBe(303);
  });
});
