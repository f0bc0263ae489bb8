import { CartesiaStandIn } from './cartesia-stand-in.ts';
import { GeminiStandIn } from './gemini-stand-in.ts';
import { OpenBar, type BarOptions } from './open-bar.ts';

export const GEMINI_KEY = 'AIzaGoodKeyForTests0123456789';
export const CARTESIA_KEY = 'sk_car_good_key';

/** A bar with the outside services that its guests may have keys of. */
export interface BarWithServices extends AsyncDisposable {
  readonly bar: OpenBar;
  readonly gemini: GeminiStandIn;
  readonly cartesia: CartesiaStandIn;
  /** The same bar and services, opened again over the same files. */
  reopen(options: BarOptions): Promise<BarWithServices>;
}

export async function openBarWithServices(options: BarOptions = {}): Promise<BarWithServices> {
  const [gemini, cartesia] = await Promise.all([GeminiStandIn.start(), CartesiaStandIn.start()]);
  const bar = await OpenBar.open({ ...options, serviceUrls: { gemini: gemini.url, cartesia: cartesia.url } });
  return together(bar, gemini, cartesia);
}

function together(bar: OpenBar, gemini: GeminiStandIn, cartesia: CartesiaStandIn): BarWithServices {
  return {
    bar,
    gemini,
    cartesia,
    reopen: async (options) => together(await bar.reopen(options), gemini, cartesia),
    [Symbol.asyncDispose]: async () => {
      await bar[Symbol.asyncDispose]();
      await gemini[Symbol.asyncDispose]();
      await cartesia[Symbol.asyncDispose]();
    },
  };
}
