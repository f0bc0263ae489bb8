/** Why a tool did not do what it was asked to do. Stable: models, pages and logs go by it. */
export type RefusalCode =
  | 'INSUFFICIENT_FUNDS'
  | 'STRIPE_UNAVAILABLE'
  | 'PAYMENT_FAILED'
  | 'CONCURRENT_MODIFICATION'
  | 'NETWORK_ERROR'
  | 'RATE_LIMITED'
  | 'INVALID_SESSION'
  | 'ITEM_NOT_FOUND'
  | 'PAYMENT_TIMEOUT'
  | 'INVALID_TIP_PERCENTAGE'
  | 'INVALID_QUANTITY';

/** A wish that cannot be granted, with a sentence for the guest. Nothing was changed; thrown in a recipe, it takes the whole commit back. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  /** The outcome of a charge is not known, and that is what stands in the way. */
  readonly needsReconciliation: boolean;

  constructor(code: RefusalCode, message: string, { needsReconciliation = false }: { readonly needsReconciliation?: boolean } = {}) {
    super(message);
    this.code = code;
    this.needsReconciliation = needsReconciliation;
  }
}
