/** The services that a guest may have a key of. */
export const KEY_NAMES = ['gemini', 'cartesia'] as const;

export type KeyName = (typeof KEY_NAMES)[number];

export type KeyFaultKind = 'empty' | 'invalid' | 'quota' | 'network' | 'server_configuration' | 'unknown';

const LABELS: Readonly<Record<KeyName, string>> = { gemini: 'Gemini', cartesia: 'Cartesia' };

const SENTENCES: Readonly<Record<KeyFaultKind, (service: string) => string>> = {
  empty: (service) => `Please enter a ${service} key.`,
  invalid: (service) => `${service} does not accept this key. Please check that it was copied whole and is not switched off.`,
  quota: (service) => `${service} knows this key, but its quota is used up. Please wait a while, or use another key.`,
  network: (service) => `${service} could not be reached to check the key. Please try again in a moment.`,
  server_configuration: () => 'This bar is not set up to keep keys, so yours was not stored. Please tell whoever runs it.',
  unknown: (service) => `${service} could not check the key, for a reason of its own. Please try again later.`,
};

/** A key was not taken. Its message is for the guest and never holds the key. */
export class KeyFault extends Error {
  override readonly name = 'KeyFault';
  readonly kind: KeyFaultKind;
  readonly key: KeyName;

  constructor(kind: KeyFaultKind, key: KeyName, options?: ErrorOptions) {
    super(SENTENCES[kind](LABELS[key]), options);
    this.kind = kind;
    this.key = key;
  }
}
