import { ProviderRefusal, type PaymentProvider, type ProviderPayment } from './payment-provider.ts';

/** The setting without a provider: drinks go on the tab, and nothing is ever paid. */
export class NoPayments implements PaymentProvider {
  readonly name = 'none';

  isAvailable(): Promise<boolean> {
    return Promise.resolve(false);
  }

  create(): Promise<ProviderPayment> {
    return Promise.reject(new ProviderRefusal('This bar takes no payments.'));
  }

  find(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  get(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  cancel(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
