import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);

/** Why there can be no session bus here; undefined when there can. Tests that need one say so in their names. */
export function reasonWithoutBus(): string | undefined {
  for (const program of ['dbus-run-session', 'gdbus']) {
    const { error } = spawnSync(program, program === 'gdbus' ? ['help'] : ['--version']);
    if (error) return `${program} cannot be started: install dbus and libglib2.0-bin`;
  }
  return undefined;
}

/** A session bus of its own, which goes with the test; gives an environment with its address. */
export async function openSessionBus(): Promise<Readonly<Record<string, string | undefined>>> {
  const bus = spawn('dbus-run-session', ['--', 'sh', '-c', 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(async () => {
    bus.stdin.end();
    await once(bus, 'exit');
  });
  const [address] = (await once(createInterface(bus.stdout), 'line')) as [string];
  return { ...process.env, DBUS_SESSION_BUS_ADDRESS: address };
}

/** Calls a method by gdbus, as somebody at a terminal would; gives the one text that it answers. */
export async function gdbusCall(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  member: string,
  ...args: readonly string[]
): Promise<string> {
  const path = `/${name.replaceAll('.', '/')}`;
  const target = ['--dest', name, '--object-path', path, '--method', member.includes('.') ? member : `${name}.${member}`];
  // gdbus reads arguments as GVariant texts.
  const { stdout } = await run('gdbus', ['call', '--session', ...target, ...args.map((each) => JSON.stringify(each))], {
    env: environment,
  });
  return stdout.trim();
}

/** What is in a gdbus answer `('…',)`. */
export function textOf(answer: string): string {
  const [, quote, inside = ''] = /^\((['"])(.*)\1,\)$/s.exec(answer) ?? [];
  if (quote === undefined) throw new Error(`gdbus answered ${answer}`);
  return inside.replaceAll(/\\(.)/g, (_all, character: string) => character);
}
