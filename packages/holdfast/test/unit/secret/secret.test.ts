import { inspect, isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret, secretSchema } from 'holdfast';

describe('a secret', () => {
  it('gives its text to those who ask and to nobody who prints it', () => {
    const secret = Secret.of('sk-very-secret');
    expect(secret.reveal()).toBe('sk-very-secret');
    const printed = [
      ''.concat(secret as unknown as string),
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [secret] }, { showHidden: true, depth: 9 }),
    ];
    for (const text of printed) expect(text).toContain('[secret unsealed]');
    expect(inspect(secret, { customInspect: false, showHidden: true, getters: true })).not.toContain('very');
    const spread = Object.fromEntries(Object.entries(secret));
    expect(spread).toEqual({ fingerprint: 'unsealed' });
    expect(Reflect.ownKeys(secret)).toEqual(['fingerprint']);
    expect(structuredClone(spread)).toEqual({ fingerprint: 'unsealed' });
  });

  it('cannot be changed', () => {
    expect(() => Object.assign(Secret.of('a'), { fingerprint: 'b' })).toThrow(TypeError);
  });

  it('is a text of 1 byte to 64 kB, and an error does not show it', () => {
    expect(Secret.of('ü'.repeat(32_768)).reveal()).toHaveLength(32_768);
    const canary = 'c'.repeat(65_537);
    for (const wrong of ['', canary, 'half \ud800', 5 as unknown as string]) {
      expect(() => Secret.of(wrong)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.not.stringContaining('ccc') as string }) as Error,
      );
    }
  });

  it('equals one that hides the same text, and no other', () => {
    expect(Secret.of('a').equals(Secret.of('a'))).toBe(true);
    expect(Secret.of('a').equals(Secret.of('b'))).toBe(false);
    expect(Secret.of('a').equals('a')).toBe(false);
    expect(Secret.of('a').equals({ fingerprint: 'unsealed' })).toBe(false);
  });

  it('is what its schema accepts', () => {
    const secret = Secret.of('a');
    expect(secretSchema['~standard'].validate(secret)).toEqual({ value: secret });
    expect(secretSchema['~standard'].validate('a')).toMatchObject({ issues: [{}] });
    expect(isDeepStrictEqual(secret, 'a')).toBe(false);
  });
});
