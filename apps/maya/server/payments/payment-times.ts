/** How patient the bar is with a provider. */
export interface PaymentTimes {
  /** Waits between the attempts to have a payment made; there is one attempt more than waits. */
  readonly attemptWaitsMs: readonly number[];
  /** For all attempts together. */
  readonly attemptsWithinMs: number;
  /** After this time a call to the provider counts as lost. */
  readonly callTimeoutMs: number;
  /** How often an open payment is asked about at first … */
  readonly pollEveryMs: number;
  /** … and for how long; after that at a slower pace. */
  readonly pollForMs: number;
}

export const PAYMENT_TIMES: PaymentTimes = {
  attemptWaitsMs: [1_000, 2_000, 4_000],
  attemptsWithinMs: 15_000,
  callTimeoutMs: 5_000,
  pollEveryMs: 2_000,
  pollForMs: 30_000,
};
