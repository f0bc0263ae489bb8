import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { masterKeysFor } from '../../server/keys/master-keys.ts';
import { makeLog } from '../../server/log.ts';

let directory: string;
let logged: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maya-keys-'));
  logged = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const log = makeLog('info', { write: (line) => void logged.push(line) });

describe('the master key', () => {
  it('is a file beside the store without MAYA_MASTER_KEY, for its owner only, made when it is first needed, with one warning', async () => {
    const keys = await masterKeysFor({ store: { kind: 'sqlite', file: join(directory, 'bar.db') }, hasMasterKey: false }, log);
    expect(logged).toEqual([]);
    const [first, second] = [await keys.current(), await keys.current()];
    expect(first.id).toBe(second.id);
    expect((await stat(join(directory, 'bar-master.key'))).mode & 0o777).toBe(0o600);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatch(/"level":40.*MAYA_MASTER_KEY is not set/);
  });

  it('that others may read stops the start', async () => {
    const config = { store: { kind: 'sqlite', file: join(directory, 'bar.db') }, hasMasterKey: false } as const;
    await (await masterKeysFor(config, log)).current();
    await chmod(join(directory, 'bar-master.key'), 0o644);
    await expect(masterKeysFor(config, log)).rejects.toThrow('chmod 600');
  });
});
