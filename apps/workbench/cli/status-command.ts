import { daemonStatuses } from '../client/daemon-statuses.ts';
import { daemonHolders } from '../daemons/daemon-lease.ts';
import { daemonNameOf } from '../daemons/daemon-name.ts';
import { DAEMONS } from '../daemons/daemon.ts';
import type { CommandContext } from './command-context.ts';

/** Says how daemons are: by asking each, and where one does not answer, by who holds its lease. */
export async function statusCommand({ home, environment, output }: CommandContext, wanted: readonly string[]): Promise<void> {
  const names = wanted.length === 0 ? DAEMONS : wanted.map(daemonNameOf);
  const [answers, holders] = await Promise.all([daemonStatuses(names, { home, environment, via: 'socket' }), daemonHolders(home, names)]);
  const daemons = names.map((name) => {
    const holder = holders.get(name) ?? null;
    const { status, problem } = answers.get(name) ?? {};
    return { name, running: status !== undefined || holder !== null, holder, status: status ?? null, problem: problem ?? null };
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
