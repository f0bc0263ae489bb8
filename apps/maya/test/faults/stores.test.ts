import { describe, expect, it } from 'vitest';
import { MayaProcess } from '../support/maya-process.ts';
import { createDatabase, dropDatabase } from '../support/postgres.ts';
import { Visitor } from '../support/visitor.ts';

describe.each(['files:./state', 'postgres'])('the server on %s', (store) => {
  it('goes on where it was killed, with a tab, a tip and an open payment, and is paid once', async () => {
    const database = store === 'postgres' ? await createDatabase() : undefined;
    await using cleanup = new AsyncDisposableStack();
    if (database !== undefined) cleanup.defer(() => dropDatabase(database));
    await using maya = await MayaProcess.start({ store: database ?? store });
    const guest = new Visitor(maya.url);
    await guest.say('two dry martinis and a tap beer, please');
    await guest.post('/api/tip', { percentage: 15 });
    await guest.post('/api/pay');
    const before = await guest.session();

    await maya.kill();
    await maya.restart();

    expect(await guest.session()).toEqual(before);
    await guest.post(`${before.payment.link}/confirm`);
    await guest.post(`${before.payment.link}/confirm`);
    const { payment } = await guest.until(({ payment: { status } }) => status === 'completed');
    expect(payment).toMatchObject({ paidTotal: 3_100, tab: 0, balance: 96_900, needsReconciliation: false });
  });
});

describe('the server on a Postgres that is not there', () => {
  it('says so and ends, without the password', async () => {
    const failure: unknown = await MayaProcess.start({ store: 'postgres://maya:hidden-password@127.0.0.1:1/bar' }).catch(
      (error: unknown) => error,
    );
    expect(String(failure)).toMatch(/Maya cannot open: .*Postgres.*ECONNREFUSED/);
    expect(String(failure)).not.toContain('hidden-password');
  });
});
