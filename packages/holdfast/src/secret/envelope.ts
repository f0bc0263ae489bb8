/** How a secret is stored: ciphertext with what it takes to open it. Patches, snapshots and copies carry it unchanged. */
export interface Envelope {
  /** The format. */
  readonly $secret: 1;
  /** Of the data key. */
  readonly kid: string;
  /** The declared path pattern under which it was sealed. */
  readonly at: string;
  /** Fingerprint of the plaintext: 8 hex digits. */
  readonly fp: string;
  /** base64url. */
  readonly iv: string;
  /** Ciphertext with the tag behind it, base64url. */
  readonly data: string;
}

const FINGERPRINT = /^[0-9a-f]{8}$/;

export function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null || !('$secret' in value)) return false;
  const { $secret, kid, at, fp, iv, data } = value as Record<keyof Envelope, unknown>;
  return $secret === 1 && [kid, at, iv, data].every((part) => typeof part === 'string') && typeof fp === 'string' && FINGERPRINT.test(fp);
}

/** What is shown of a secret wherever it is printed. */
export function shown(fingerprint: string): string {
  return `[secret ${fingerprint}]`;
}

/** The stored value with every envelope replaced; what is not replaced is shared. */
export function replaceEnvelopes(value: unknown, replace: (envelope: Envelope) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isEnvelope(value)) return replace(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => replaceEnvelopes(item, replace));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  const entries = Object.entries(value).map(([key, inner]) => [key, replaceEnvelopes(inner, replace)] as const);
  return entries.some(([key, inner]) => inner !== (value as Record<string, unknown>)[key]) ? Object.fromEntries(entries) : value;
}

/** Parses a stored body for somebody to look at: secrets as their fingerprints. */
export function parseShown(body: string): unknown {
  return parseReplacing(body, ({ fp }) => shown(fp));
}

export function bodyHoldsSecret(body: string): boolean {
  let found = false;
  parseReplacing(body, () => {
    found = true;
    return null;
  });
  return found;
}

export function bodyWithoutSecrets(body: string): string {
  return bodyHoldsSecret(body) ? JSON.stringify(parseReplacing(body, () => null)) : body;
}

function parseReplacing(body: string, replace: (envelope: Envelope) => unknown): unknown {
  const value: unknown = JSON.parse(body);
  return body.includes('"$secret"') ? replaceEnvelopes(value, replace) : value;
}
