import { describe, expectTypeOf, it } from 'vitest';
import { HoldfastError, isHoldfastError, type ErrorCode, type ErrorData, type ValidationIssue } from 'holdfast';

declare const error: unknown;

describe('isHoldfastError', () => {
  it('narrows to the data of the code that is asked for', () => {
    if (isHoldfastError(error, 'VALIDATION_FAILED')) {
      expectTypeOf(error.code).toEqualTypeOf<'VALIDATION_FAILED'>();
      expectTypeOf(error.data.issues).toEqualTypeOf<readonly ValidationIssue[]>();
      // @ts-expect-error Those are of another code.
      void error.data.expectedVersion;
    }
    if (isHoldfastError(error, 'CONCURRENT_MODIFICATION')) expectTypeOf(error.data.actualVersion).toEqualTypeOf<number>();
    if (isHoldfastError(error, 'STORE_UNAVAILABLE')) expectTypeOf(error.data.outcome).toEqualTypeOf<'not-written' | 'unknown'>();
    if (isHoldfastError(error, 'CORRUPT_STATE')) expectTypeOf(error.data.lastGoodVersion).toEqualTypeOf<number | undefined>();
    if (isHoldfastError(error, 'RESTORE_REFUSED')) expectTypeOf(error.data.bound).toEqualTypeOf<readonly string[]>();
  });

  it('narrows to any code without one', () => {
    if (isHoldfastError(error)) {
      expectTypeOf(error).toEqualTypeOf<HoldfastError>();
      expectTypeOf(error.code).toEqualTypeOf<ErrorCode>();
      expectTypeOf(error.message).toEqualTypeOf<string>();
    }
    // @ts-expect-error Nothing is known of it before.
    void error.code;
  });

  it('knows the codes', () => {
    // @ts-expect-error There is no such code.
    isHoldfastError(error, 'NOT_FOUNT');
    expectTypeOf<keyof ErrorData>().toEqualTypeOf<ErrorCode>();
  });
});

describe('a HoldfastError', () => {
  it('is made with the data of its code', () => {
    expectTypeOf(new HoldfastError('NOT_FOUND', 'x', { what: 'x' })).toEqualTypeOf<HoldfastError<'NOT_FOUND'>>();
    // @ts-expect-error Something is missing.
    void new HoldfastError('LEASE_HELD', 'x', { entity: 'x', lease: 'x' });
    // @ts-expect-error That is another code's.
    void new HoldfastError('NOT_FOUND', 'x', { argument: 'x' });
  });

  it('is read only', () => {
    const made = new HoldfastError('NOT_FOUND', 'x', { what: 'x' });
    // @ts-expect-error A code stays what it is.
    made.code = 'NOT_FOUND';
    // @ts-expect-error So do its data.
    made.data.what = 'y';
  });
});
