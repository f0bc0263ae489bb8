import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SessionContext } from 'holdfast';

describe('a session context', () => {
  it('gives each of several calls at the same time its own session, however deep', async () => {
    const context = new SessionContext<string>('session');
    const deep = async (): Promise<string> => {
      await turn();
      return await Promise.resolve().then(() => context.get());
    };
    expect(await Promise.all(['a', 'b', 'c'].map((session) => context.run(session, deep)))).toEqual(['a', 'b', 'c']);
  });

  it('prefers the session that is passed explicitly', () => {
    const context = new SessionContext<string>('session');
    expect(context.run('ambient', () => context.get('explicit'))).toBe('explicit');
  });

  it('says clearly when there is none', () => {
    const context = new SessionContext<string>('bar session');
    expect(() => context.get()).toThrow(expect.objectContaining({ code: 'NOT_FOUND', data: { what: 'bar session' } }));
    expect(context.find()).toBeUndefined();
  });
});
