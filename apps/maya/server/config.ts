import { parseArgs } from 'node:util';
import { ConfigError } from './config-error.ts';
import { paymentsConfig, type PaymentsConfig } from './payments/payments-config.ts';
import { DEFAULT_VOICE } from './speech/default-voice.ts';

export { ConfigError };

/** Where the states live; paths are relative to the current directory. Those in memory end with the process. */
export type StoreConfig =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'files'; readonly directory: string }
  /** May hold a password: to be shown to nobody. */
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'memory' };

export interface Config {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Whether a client of MCP speaks on standard input. */
  readonly mcp: boolean;
  readonly store: StoreConfig;
  readonly sessionExpirySeconds: number;
  readonly cleanupIntervalSeconds: number;
  /** Host names, besides this machine's own, that requests may come under. */
  readonly allowedHosts: readonly string[];
  /** The pause between two words of the house model's answers. */
  readonly wordDelayMs: number;
  readonly maxSessions: number;
  /** Messages: a minute and in 10 s of one session, a minute in all. */
  readonly messageLimits: { readonly perSession: number; readonly burst: number; readonly inAll: number };
  /** From 0 to 1: what scores as much or more is blocked. */
  readonly scanThresholds: { readonly injection: number; readonly toxicity: number };
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Keys of the server's own, for guests who give none. */
  readonly serverKeys: { readonly gemini?: string; readonly cartesia?: string };
  readonly geminiModel: string;
  /** How Cartesia speaks. */
  readonly voice: { readonly modelId: string; readonly voiceId: string };
  /** Whether a guest needs a Gemini key before the first message, unless the server has one. */
  readonly requiresKeys: boolean;
  /** Whether MAYA_MASTER_KEY is set; the key itself is read where it is needed. */
  readonly hasMasterKey: boolean;
  readonly payments: PaymentsConfig;
  /** Where guests reach the bar; undefined is where it listens. */
  readonly publicUrl: string | undefined;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const STORES = 'sqlite:path/to/file.db, files:path/to/directory, postgres://user@host/database or memory:';
/** Below this a passphrase is refused by the engine. */
const MIN_MASTER_KEY = 16;
const YEAR_SECONDS = 365 * 24 * 3_600;

/**
 * Reads the settings: the command line (`--store`, `--port`, `--host`, `--mcp`) goes before the environment, that before the defaults.
 * @throws {ConfigError} for a value that does not fit.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>, argv: readonly string[]): Config {
  const args = readArguments(argv);
  const { mcp = false } = args;
  const from = (argument: Exclude<keyof typeof args, 'mcp'>, variable: string): Setting =>
    args[argument] === undefined ? { name: variable, value: environment[variable] } : { name: `--${argument}`, value: args[argument] };
  const env = (variable: string): Setting => ({ name: variable, value: environment[variable] });
  const host = from('host', 'HOST');
  return {
    host: text(host, '127.0.0.1', /^[\w.:-]+$/, 'a host name or address such as 127.0.0.1'),
    // Each client of MCP starts a process of its own.
    port: whole(from('port', 'PORT'), mcp ? 0 : 8080, 0, 65_535),
    mcp,
    store: storeOf(from('store', 'MAYA_STORE')),
    sessionExpirySeconds: whole(env('MAYA_SESSION_EXPIRY_SECONDS'), 3_600, 1, YEAR_SECONDS),
    cleanupIntervalSeconds: whole(env('MAYA_CLEANUP_INTERVAL_SECONDS'), 300, 1, 86_400),
    allowedHosts: text(env('MAYA_ALLOWED_HOSTS'), '', /^[\w.,-]*$/, 'host names with commas between them')
      .split(',')
      .filter(Boolean),
    wordDelayMs: whole(env('MAYA_WORD_DELAY_MS'), 30, 0, 1_000),
    maxSessions: whole(env('MAYA_MAX_SESSIONS'), 1_000, 1, 1_000_000),
    messageLimits: {
      perSession: whole(env('MAYA_SESSION_RATE_LIMIT'), 10, 1, 100_000),
      burst: whole(env('MAYA_BURST_LIMIT'), 5, 1, 100_000),
      inAll: whole(env('MAYA_APP_RATE_LIMIT'), 100, 1, 1_000_000),
    },
    scanThresholds: { injection: share(env('MAYA_INJECTION_THRESHOLD'), 0.5), toxicity: share(env('MAYA_TOXICITY_THRESHOLD'), 0.5) },
    logLevel: oneOf(env('LOG_LEVEL'), 'info', LOG_LEVELS),
    serverKeys: { ...keyOf(env('GEMINI_API_KEY'), 'gemini'), ...keyOf(env('CARTESIA_API_KEY'), 'cartesia') },
    geminiModel: text(
      env('GEMINI_MODEL_VERSION'),
      'gemini-3.5-flash',
      /^[a-z][\w.-]{0,99}$/,
      'the name of a Gemini model such as gemini-3.5-flash',
    ),
    voice: {
      modelId: text(env('CARTESIA_MODEL'), DEFAULT_VOICE.modelId, /^[a-z][\w.-]{0,99}$/, 'the name of a Cartesia model such as sonic-3.5'),
      voiceId: text(
        env('CARTESIA_VOICE'),
        DEFAULT_VOICE.voiceId,
        /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
        'the id of a Cartesia voice, a UUID',
      ),
    },
    requiresKeys: oneOf(env('MAYA_REQUIRE_KEYS'), '0', ['0', '1']) === '1',
    hasMasterKey: isMasterKey(env('MAYA_MASTER_KEY')),
    payments: paymentsConfig(environment),
    publicUrl: addressOf(env('MAYA_PUBLIC_URL')),
  };
}

interface Setting {
  readonly name: string;
  readonly value: string | undefined;
}

interface Arguments {
  readonly store?: string;
  readonly port?: string;
  readonly host?: string;
  readonly mcp?: boolean;
}

function readArguments(argv: readonly string[]): Arguments {
  const value = { type: 'string' } as const;
  try {
    return parseArgs({ args: [...argv], options: { store: value, port: value, host: value, mcp: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new ConfigError(
      `The command line takes --store ${STORES}, --port number, --host name and --mcp. ${error instanceof Error ? error.message : ''}`.trim(),
      { cause: error },
    );
  }
}

function storeOf({ name, value = 'sqlite:maya-data/maya.db' }: Setting): StoreConfig {
  if (value === 'memory:') return { kind: 'memory' };
  if (/^postgres(?:ql)?:\/\//.test(value) && URL.canParse(value)) return { kind: 'postgres', url: value };
  const [, kind, path] = /^(sqlite|files?):(.+)$/.exec(value) ?? [];
  if (path !== undefined && !path.includes('\u0000')) return kind === 'sqlite' ? { kind, file: path } : { kind: 'files', directory: path };
  // What is or was meant to be an address may hold a password.
  throw /postgres|[@?]/.test(value) ? secretMisfit(name, STORES) : misfit({ name, value }, STORES);
}

function whole(setting: Setting, otherwise: number, least: number, most: number): number {
  if (setting.value === undefined) return otherwise;
  const number = /^\d{1,10}$/.test(setting.value) ? Number(setting.value) : Number.NaN;
  if (!(number >= least && number <= most)) throw misfit(setting, `a whole number from ${least} to ${most}`);
  return number;
}

function share(setting: Setting, otherwise: number): number {
  if (setting.value === undefined) return otherwise;
  const number = /^\d(?:\.\d{1,4})?$/.test(setting.value) ? Number(setting.value) : Number.NaN;
  if (!(number > 0 && number <= 1)) throw misfit(setting, 'a number above 0 and up to 1, such as 0.5');
  return number;
}

function text(setting: Setting, otherwise: string, form: RegExp, accepted: string): string {
  if (setting.value === undefined) return otherwise;
  if (!form.test(setting.value)) throw misfit(setting, accepted);
  return setting.value;
}

function oneOf<const Choices extends readonly string[]>(setting: Setting, otherwise: Choices[number], choices: Choices): Choices[number] {
  if (setting.value === undefined) return otherwise;
  const chosen = choices.find((choice) => choice === setting.value);
  if (chosen === undefined) throw misfit(setting, `one of ${choices.join(', ')}`);
  return chosen;
}

/** An empty one, as in a file of settings that are not filled in, is none. */
function keyOf<Name extends string>({ name, value = '' }: Setting, key: Name): { readonly [K in Name]?: string } {
  const trimmed = value.trim();
  if (/[^\x21-\x7e]/.test(trimmed)) throw secretMisfit(name, 'a key without spaces');
  return trimmed === '' ? {} : ({ [key]: trimmed } as { [K in Name]: string });
}

function isMasterKey({ name, value = '' }: Setting): boolean {
  if (value !== '' && value.length < MIN_MASTER_KEY)
    throw secretMisfit(name, `32 random bytes in base64, or ${MIN_MASTER_KEY} characters or more`);
  return value !== '';
}

/** Does not show the value. */
function secretMisfit(name: string, accepted: string): ConfigError {
  return new ConfigError(`${name} does not fit; it must be ${accepted}.`);
}

function misfit({ name, value }: Setting, accepted: string): ConfigError {
  return new ConfigError(`${name} is ${JSON.stringify(value)}; it must be ${accepted}.`);
}

/** A whole address of the web. */
function addressOf(setting: Setting): string | undefined {
  if (setting.value === undefined || setting.value === '') return undefined;
  if (!/^https?:$/.test(URL.parse(setting.value)?.protocol ?? '')) throw misfit(setting, 'an address such as https://bar.example/');
  return setting.value;
}
