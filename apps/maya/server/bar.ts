import type { StateManager } from 'holdfast';
import type { Menu } from './menu/index.ts';
import type { PaymentEffects } from './payments/payment-effects.ts';
import type { PaymentPolling } from './payments/payment-polling.ts';
import type { PaymentProvider } from './payments/payment-provider.ts';
import type { PaymentTimes } from './payments/payment-times.ts';
import type { UnderstandingConfig } from './understanding/index.ts';

/** What the tools work with. */
export interface Bar {
  readonly menu: Menu;
  readonly understanding: UnderstandingConfig;
  /** From so many turns of small talk on, Maya asks whether it shall be another one. */
  readonly reorderAfterTurns: number;
  readonly state: StateManager;
  readonly provider: PaymentProvider;
  readonly effects: PaymentEffects;
  readonly polling: PaymentPolling;
  readonly times: PaymentTimes;
  /** How long `pay_bill` waits for a link before it answers that the provider takes its time. */
  readonly linkWaitMs: number;
  /** Epoch ms. */
  readonly now: () => number;
}
