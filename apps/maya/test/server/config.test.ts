import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../server/config.ts';

describe('the configuration', () => {
  it('has defaults for everything', () => {
    expect(readConfig({}, [])).toEqual({
      host: '127.0.0.1',
      port: 8080,
      mcp: false,
      store: { kind: 'sqlite', file: 'maya-data/maya.db' },
      sessionExpirySeconds: 3600,
      cleanupIntervalSeconds: 300,
      allowedHosts: [],
      wordDelayMs: 30,
      logLevel: 'info',
      maxSessions: 1000,
      messageLimits: { perSession: 10, burst: 5, inAll: 100 },
      scanThresholds: { injection: 0.5, toxicity: 0.5 },
      serverKeys: {},
      geminiModel: 'gemini-3.5-flash',
      voice: { modelId: 'sonic-3.5', voiceId: 'e07c00bc-4134-4eae-9ea4-1a55fb45746b' },
      requiresKeys: false,
      hasMasterKey: false,
      payments: { provider: 'simulated' },
      publicUrl: undefined,
    });
  });

  it('is in one table of the README, each variable that is read and no other', async () => {
    const read = new Set<string>();
    for (const given of [{}, { STRIPE_SECRET_KEY: 'sk_test_1' }, { MAYA_PAYMENTS: 'mcp', MAYA_PAYMENTS_MCP_URL: 'http://localhost/mcp' }])
      readConfig(new Proxy<Record<string, string>>(given, { get: (all, name: string) => (read.add(name), all[name]) }), []);
    const readme = await readFile(new URL('../../../../README.md', import.meta.url), 'utf8');
    const rows = readme.split('\n').filter((line) => /^\| `[A-Z_]+`/.test(line));
    const told = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name!));
    expect(told.toSorted()).toEqual([...read].toSorted());
  });

  it('with --mcp takes any free port, unless one is named', () => {
    expect(readConfig({}, ['--mcp'])).toMatchObject({ mcp: true, port: 0 });
    expect(readConfig({ PORT: '9000' }, ['--mcp'])).toMatchObject({ port: 9000 });
    expect(readConfig({}, ['--mcp', '--port', '9001'])).toMatchObject({ port: 9001 });
  });

  it('takes the environment, and the command line before it', () => {
    const environment = {
      HOST: '0.0.0.0',
      PORT: '9000',
      MAYA_STORE: 'memory:',
      MAYA_SESSION_EXPIRY_SECONDS: '60',
      MAYA_ALLOWED_HOSTS: 'bar.example,pub.example',
      LOG_LEVEL: 'warn',
    };
    const config = readConfig(environment, ['--port', '0', '--store', 'sqlite:/var/bar.db']);
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 0,
      store: { kind: 'sqlite', file: '/var/bar.db' },
      sessionExpirySeconds: 60,
      logLevel: 'warn',
    });
    expect(config.allowedHosts).toEqual(['bar.example', 'pub.example']);
  });

  it.each([
    [{ PORT: 'eighty' }, [], 'PORT', '0 to 65535'],
    [{ PORT: '70000' }, [], 'PORT', '0 to 65535'],
    [{ PORT: '' }, [], 'PORT', '0 to 65535'],
    [{ HOST: 'a b' }, [], 'HOST', '127.0.0.1'],
    [{ MAYA_STORE: 'maya.db' }, [], 'MAYA_STORE', 'sqlite:path/to/file.db'],
    [{ MAYA_STORE: 'sqlite:' }, [], 'MAYA_STORE', 'sqlite:path/to/file.db'],
    [{ MAYA_SESSION_EXPIRY_SECONDS: '0' }, [], 'MAYA_SESSION_EXPIRY_SECONDS', 'whole number'],
    [{ MAYA_SESSION_EXPIRY_SECONDS: '1.5' }, [], 'MAYA_SESSION_EXPIRY_SECONDS', 'whole number'],
    [{ MAYA_CLEANUP_INTERVAL_SECONDS: '-5' }, [], 'MAYA_CLEANUP_INTERVAL_SECONDS', 'whole number'],
    [{ MAYA_WORD_DELAY_MS: 'slow' }, [], 'MAYA_WORD_DELAY_MS', 'whole number'],
    [{ MAYA_MAX_SESSIONS: '0' }, [], 'MAYA_MAX_SESSIONS', 'a whole number from 1'],
    [{ MAYA_SESSION_RATE_LIMIT: '-1' }, [], 'MAYA_SESSION_RATE_LIMIT', 'a whole number from 1'],
    [{ MAYA_BURST_LIMIT: 'x' }, [], 'MAYA_BURST_LIMIT', 'a whole number from 1'],
    [{ MAYA_APP_RATE_LIMIT: '0' }, [], 'MAYA_APP_RATE_LIMIT', 'a whole number from 1'],
    [{ MAYA_REQUIRE_KEYS: 'yes' }, [], 'MAYA_REQUIRE_KEYS', '0, 1'],
    [{ GEMINI_MODEL_VERSION: 'models/x' }, [], 'GEMINI_MODEL_VERSION', 'gemini-3.5-flash'],
    [{ CARTESIA_MODEL: 'Sonic 3' }, [], 'CARTESIA_MODEL', 'sonic-3.5'],
    [{ CARTESIA_VOICE: 'brooke' }, [], 'CARTESIA_VOICE', 'UUID'],
    [{ MAYA_INJECTION_THRESHOLD: '1.5' }, [], 'MAYA_INJECTION_THRESHOLD', 'up to 1'],
    [{ MAYA_TOXICITY_THRESHOLD: '0' }, [], 'MAYA_TOXICITY_THRESHOLD', 'above 0'],
    [{ MAYA_PAYMENTS: 'cash' }, [], 'MAYA_PAYMENTS', 'simulated, stripe, mcp, none'],
    [{ MAYA_PAYMENTS: 'stripe' }, [], 'MAYA_PAYMENTS', 'STRIPE_SECRET_KEY'],
    [{ MAYA_PAYMENTS: 'mcp', MAYA_PAYMENTS_MCP_URL: 'mcp.example' }, [], 'MAYA_PAYMENTS_MCP_URL', 'https://mcp.example/mcp'],
    [{ MAYA_PUBLIC_URL: 'bar.example' }, [], 'MAYA_PUBLIC_URL', 'https://bar.example/'],
    [{ LOG_LEVEL: 'loud' }, [], 'LOG_LEVEL', 'info'],
    [{}, ['--port', 'x'], '--port', '0 to 65535'],
    [{}, ['--stroe', 'memory:'], '--stroe', '--store'],
  ])('refuses %j %j, naming %s and the accepted form', (environment, argv, name, accepted) => {
    const read = (): unknown => readConfig(environment, argv);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(name);
    expect(read).toThrow(accepted);
  });

  it.each([
    ['sqlite:bar.db', { kind: 'sqlite', file: 'bar.db' }],
    ['files:./state', { kind: 'files', directory: './state' }],
    ['file:./state', { kind: 'files', directory: './state' }],
    ['postgres://maya@db.example/bar', { kind: 'postgres', url: 'postgres://maya@db.example/bar' }],
    ['postgresql://db.example/bar', { kind: 'postgres', url: 'postgresql://db.example/bar' }],
    ['memory:', { kind: 'memory' }],
  ])('takes the store %s, by command line and by environment', (store, config) => {
    expect(readConfig({}, ['--store', store]).store).toEqual(config);
    expect(readConfig({ MAYA_STORE: store }, []).store).toEqual(config);
  });

  it.each([
    'postgres://maya:not a secret@',
    'postgers://maya:not a secret@db/bar',
    'postgres:/db?password=not a secret',
    'mysql://db/bar?password=not a secret',
  ])('refuses the address %j without showing it', (store) => {
    const read = (): unknown => readConfig({}, ['--store', store]);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('--store');
    expect(read).not.toThrow(/not a secret/);
  });

  it.each(['GEMINI_API_KEY', 'CARTESIA_API_KEY', 'MAYA_MASTER_KEY', 'STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'])(
    'refuses a bad %s without showing it',
    (name) => {
      const read = (): unknown => readConfig({ [name]: 'not a secret' }, []);
      expect(read).toThrow(ConfigError);
      expect(read).toThrow(name);
      expect(read).not.toThrow(/not a secret/);
    },
  );

  it('takes keys trimmed, and an empty one for none', () => {
    expect(readConfig({ GEMINI_API_KEY: ' AIzaKey\n', CARTESIA_API_KEY: '' }, []).serverKeys).toEqual({ gemini: 'AIzaKey' });
  });

  it('takes payments by Stripe when there is a key for it, unless it says who else', () => {
    const stripe = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' };
    expect(readConfig(stripe, []).payments).toEqual({ provider: 'stripe', secretKey: 'sk_test_1', webhookSecret: 'whsec_1' });
    for (const provider of ['simulated', 'none'] as const)
      expect(readConfig({ ...stripe, MAYA_PAYMENTS: provider }, []).payments).toEqual({ provider });
    const mcp = { MAYA_PAYMENTS: 'mcp', MAYA_PAYMENTS_MCP_URL: 'http://127.0.0.1:1/mcp', MAYA_PAYMENTS_MCP_TOKEN: 'letmein' };
    expect(readConfig(mcp, []).payments).toEqual({ provider: 'mcp', url: 'http://127.0.0.1:1/mcp', token: 'letmein' });
  });

  it.each(['sk_live_51abc', 'rk_live_51abc'])('refuses the live key %s, whoever takes the payments, without showing it', (key) => {
    for (const provider of ['stripe', 'simulated']) {
      const read = (): unknown => readConfig({ STRIPE_SECRET_KEY: key, MAYA_PAYMENTS: provider }, []);
      expect(read).toThrow(/STRIPE_SECRET_KEY is a live key.*sk_test_/);
      expect(read).not.toThrow(key);
    }
  });
});
