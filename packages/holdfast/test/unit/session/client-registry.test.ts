import { subscribe as onChannel, unsubscribe as offChannel } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import { ClientRegistry } from 'holdfast';

interface Client {
  readonly name: string;
}

function registry(options: { create?: (name: string) => Promise<Client>; close?: (client: Client) => Promise<void> | void } = {}) {
  const made: string[] = [];
  const closed: string[] = [];
  const clients = new ClientRegistry<Client>({
    create: async (session, credential) => {
      const name = `${session}/${credential}`;
      made.push(name);
      return (await options.create?.(name)) ?? { name };
    },
    close: async (client) => {
      closed.push(client.name);
      await options.close?.(client);
    },
  });
  return { clients, made, closed };
}

const nameOf = (client: Client): Promise<string> => Promise.resolve(client.name);

describe('a client registry', () => {
  it('makes one client per session for callers at the same time, and uses it again', async () => {
    const { clients, made, closed } = registry();
    await Promise.all([clients.use('s1', 'k', nameOf), clients.use('s1', 'k', nameOf), clients.use('s2', 'k', nameOf)]);
    await clients.use('s1', 'k', nameOf);
    expect(made).toEqual(['s1/k', 's2/k']);
    expect([clients.size, closed]).toEqual([2, []]);
  });

  it('replaces the client when the credential rotates, and closes the old one after its last user', async () => {
    const { clients, closed } = registry();
    const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
    const streaming = clients.use('s1', 'old', async (client) => (await hold, client.name));
    expect(await clients.use('s1', 'new', nameOf)).toBe('s1/new');
    expect(closed).toEqual([]);
    letGo();
    expect(await streaming).toBe('s1/old');
    expect(closed).toEqual(['s1/old']);
  });

  it('closes a client whose creation was overtaken by a rotation', async () => {
    const { promise: slow, resolve: finish } = Promise.withResolvers<void>();
    const { clients, closed } = registry({ create: async (name) => (name.endsWith('old') ? (await slow, { name }) : { name }) });
    const first = clients.use('s1', 'old', nameOf);
    await clients.use('s1', 'new', nameOf);
    finish();
    expect(await first).toBe('s1/old');
    expect(closed).toEqual(['s1/old']);
  });

  it('closes a session’s client once, when its last user is done', async () => {
    const { clients, closed } = registry();
    const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
    const streaming = clients.use('s1', 'k', () => hold);
    const closings = Promise.all([clients.close('s1'), clients.close('s1'), clients.close('unknown')]);
    expect(closed).toEqual([]);
    letGo();
    await Promise.all([streaming, closings]);
    expect(closed).toEqual(['s1/k']);
    expect(clients.size).toBe(0);
  });

  it('tries again after a creation that failed', async () => {
    let attempt = 0;
    const { clients } = registry({
      create: async (name) => {
        attempt += 1;
        if (attempt === 1) throw new Error('no network');
        return { name };
      },
    });
    await expect(clients.use('s1', 'k', nameOf)).rejects.toThrow('no network');
    expect(await clients.use('s1', 'k', nameOf)).toBe('s1/k');
  });

  it('goes on when a close throws, and says so on the diagnostics channel', async () => {
    const reported: unknown[] = [];
    const report = (message: unknown): void => void reported.push(message);
    onChannel('holdfast:error', report);
    const error = new Error('stuck');
    const { clients, closed } = registry({
      close: () => {
        throw error;
      },
    });
    await clients.use('s1', 'k', nameOf);
    await clients.use('s2', 'k', nameOf);
    await clients.closeAll();
    offChannel('holdfast:error', report);
    expect(closed).toEqual(['s1/k', 's2/k']);
    expect(reported).toEqual([
      { error, source: 'client' },
      { error, source: 'client' },
    ]);
    await expect(clients.use('s1', 'k', nameOf)).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('closes clients still in use when the grace of a shutdown is over', async () => {
    const { clients, closed } = registry();
    const { promise: hold, resolve: letGo } = Promise.withResolvers<void>();
    const streaming = clients.use('s1', 'k', () => hold);
    await clients.closeAll({ graceMs: 1 });
    expect(closed).toEqual(['s1/k']);
    letGo();
    await streaming;
    expect(closed).toEqual(['s1/k']);
  });
});
