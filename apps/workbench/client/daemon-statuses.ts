import type { DaemonName } from '../daemons/daemon.ts';
import type { DaemonStatus } from '../daemons/run-daemon.ts';
import { connectDaemon, type ConnectOptions } from './daemon-client.ts';

/** How a daemon is, or a sentence that says why it cannot be asked. */
export type DaemonAnswer =
  | { readonly status: DaemonStatus; readonly problem?: never }
  | { readonly status?: never; readonly problem: string };

const ANSWERS_WITHIN_MS = 5_000;

/** Asks daemons how they are, side by side: one that is away, or does not answer, keeps nobody from hearing of the others. */
export async function daemonStatuses(
  daemons: readonly DaemonName[],
  { answersWithinMs = ANSWERS_WITHIN_MS, ...options }: Omit<ConnectOptions, 'daemon'> & { readonly answersWithinMs?: number },
): Promise<ReadonlyMap<DaemonName, DaemonAnswer>> {
  const answers = daemons.map(async (daemon) => [daemon, await ask({ ...options, daemon }, answersWithinMs)] as const);
  return new Map(await Promise.all(answers));
}

async function ask(options: ConnectOptions, answersWithinMs: number): Promise<DaemonAnswer> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`The ${options.daemon} daemon did not answer within ${answersWithinMs / 1_000} s.`)),
    answersWithinMs,
  );
  try {
    using client = await connectDaemon(options);
    return { status: (await Promise.race([client.call('GetStatus'), late])) as DaemonStatus };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
