/** A setting that does not fit; the message names it and the accepted form. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
