import type { Lease } from 'holdfast';
import type { Session } from '../session/session.ts';
import type { RunningTurn } from './running-turn.ts';

export interface TurnLeaseOptions {
  /** How long a message waits for the turns before it. */
  readonly leaseWaitMs: number;
  /** How long a turn that died keeps the next one waiting. */
  readonly leaseTtlMs: number;
}

const NAME = 'turn';

/** The lease that a session's turns take one after the other, kept alive for as long as it is held. A turn that loses it is abandoned. */
export class TurnLease {
  readonly lease: Lease;
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(turn: RunningTurn, lease: Lease) {
    this.lease = lease;
    this.#heartbeat = setInterval(() => void lease.renew().catch(() => turn.abandon()), lease.ttlMs / 3);
  }

  /** @throws {HoldfastError} LEASE_HELD when the turns before take too long. */
  static async take(turn: RunningTurn, { leaseWaitMs, leaseTtlMs }: TurnLeaseOptions): Promise<TurnLease> {
    const { session, id, stopped: signal } = turn;
    const lease = await session.entity.lease(NAME, { holder: holderOf(id), ttlMs: leaseTtlMs, waitMs: leaseWaitMs, signal });
    return new TurnLease(turn, lease);
  }

  /** Lets the next turn begin. Twice is the same as once. */
  release(): Promise<void> {
    clearInterval(this.#heartbeat);
    return this.lease.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }
}

/** Whether a server, not necessarily this one, holds the session's lease for this turn. */
export async function runsElsewhere({ entity }: Session, turnId: string): Promise<boolean> {
  return (await entity.leaseHolder(NAME))?.holder === holderOf(turnId);
}

function holderOf(turnId: string): string {
  return `turn ${turnId}`;
}
