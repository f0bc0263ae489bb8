import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { SystemdNotifier } from '../../daemons/systemd.ts';
import { makeLog } from '../../log.ts';
import { emptyFolder } from '../support/open-home.ts';

/** What systemd would be: a datagram socket, whose messages become lines. */
const RECEIVER = `import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
while True:
    data, fds, _, _ = socket.recv_fds(s, 4096, 4)
    print(data.decode().replace(chr(10), ' '), flush=True)
    for fd in fds: os.close(fd)
`;

function reasonWithoutSystemd(): string | undefined {
  for (const program of ['systemd-notify', 'python3']) if (spawnSync(program, ['--version']).error) return `${program} cannot be started`;
  return undefined;
}

async function receiver(): Promise<{ readonly environment: Record<string, string>; readonly messages: readonly string[] }> {
  const NOTIFY_SOCKET = join(emptyFolder(), 'notify');
  const python = spawn('python3', ['-c', RECEIVER, NOTIFY_SOCKET], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void python.kill());
  const messages: string[] = [];
  const lines = createInterface(python.stdout);
  lines.on('line', (line) => messages.push(line));
  await once(lines, 'line');
  // systemd-notify finds the socket in its environment, which is that of this process.
  vi.stubEnv('NOTIFY_SOCKET', NOTIFY_SOCKET);
  onTestFinished(() => void vi.unstubAllEnvs());
  return { environment: { NOTIFY_SOCKET, WATCHDOG_USEC: '200000' }, messages };
}

const reason = reasonWithoutSystemd();

describe.skipIf(reason)(`systemd${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('it is told that the process works, that it still does, and that it ends', async () => {
    const { environment, messages } = await receiver();
    const notifier = new SystemdNotifier(environment, makeLog('silent'));
    await notifier.ready('cron runs', () => Promise.resolve());
    await vi.waitFor(() => expect(messages.filter((message) => message.includes('WATCHDOG=1')).length).toBeGreaterThan(1), 5_000);
    await notifier.stopping();
    const all = messages.join('|');
    expect(all).toMatch(/READY=1.*STATUS=cron runs|STATUS=cron runs.*READY=1/);
    expect(all.lastIndexOf('STOPPING=1')).toBeGreaterThan(all.lastIndexOf('READY=1'));
  });

  test('a process that does not answer itself lets the watchdog run out', async () => {
    const { environment, messages } = await receiver();
    const asked = vi.fn<() => Promise<never>>(() => Promise.withResolvers<never>().promise);
    const notifier = new SystemdNotifier(environment, makeLog('silent'));
    await notifier.ready('stuck', asked);
    await vi.waitFor(() => expect(asked).toHaveBeenCalled());
    await notifier.stopping();
    expect(messages.join('|')).not.toContain('WATCHDOG');
  });
});

test('without systemd nothing is told, and nothing is asked', async () => {
  const asked = vi.fn<() => Promise<void>>();
  const notifier = new SystemdNotifier({}, makeLog('silent'));
  await notifier.ready('runs', asked);
  await notifier.stopping();
  expect(asked).not.toHaveBeenCalled();
});
