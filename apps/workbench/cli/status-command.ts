import { readDaemons } from '../client/daemon-sources.ts';
import { daemonHolders } from '../daemons/daemon-lease.ts';
import { daemonNameOf } from '../daemons/daemon-name.ts';
import { DAEMONS } from '../daemons/daemon.ts';
import type { DaemonStatus } from '../daemons/run-daemon.ts';
import type { CommandContext } from './command-context.ts';

/** Says how daemons are: by asking each, and where one does not answer, by who holds its lease. */
export async function statusCommand({ home, environment, output }: CommandContext, wanted: readonly string[]): Promise<void> {
  const names = wanted.length === 0 ? DAEMONS : wanted.map(daemonNameOf);
  const [answers, holders] = await Promise.all([readDaemons(names, { home, environment, via: 'socket' }), daemonHolders(home, names)]);
  const daemons = names.map((name) => {
    const answer = answers[name];
    const holder = holders.get(name) ?? null;
    return answer.ok
      ? { name, running: true, holder, status: answer.value as DaemonStatus }
      : { name, running: holder !== null, holder, problem: answer.message };
  });
  const lines = daemons.map(({ name, running, holder, status }) => {
    if (status)
      return `${name.padEnd(8)} ${status.health.level}, for ${duration(status.uptimeSeconds)}, process ${status.pid}: ${status.health.message}`;
    return `${name.padEnd(8)} ${running ? `does not answer (${holder})` : 'does not run'}`;
  });
  output.result({ home, daemons }, lines.join('\n'));
}

function duration(seconds: number): string {
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3_600), Math.floor(seconds / 86_400)];
  if (minutes < 1) return `${seconds} s`;
  if (hours < 1) return `${minutes} min`;
  return days < 1 ? `${hours} h ${minutes % 60} min` : `${days} d ${hours % 24} h`;
}
