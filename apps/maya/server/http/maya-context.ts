import type { Logger } from 'pino';
import type { Bar } from '../bar.ts';
import type { SessionKeys } from '../keys/session-keys.ts';
import type { SessionClients } from '../models/session-clients.ts';
import type { Capacity } from '../limits/capacity.ts';
import type { MessageLimits } from '../limits/message-limits.ts';
import type { Metrics } from '../metrics.ts';
import type { Safety } from '../safety/safety.ts';
import type { Endings } from '../session/endings.ts';
import type { Sessions } from '../session/sessions.ts';
import type { Turns } from '../turn/turns.ts';

/** What the routes work with. */
export interface MayaContext {
  readonly bar: Bar;
  readonly sessions: Sessions;
  readonly turns: Turns;
  readonly endings: Endings;
  readonly keys: SessionKeys;
  readonly clients: SessionClients;
  readonly limits: MessageLimits;
  readonly capacity: Capacity;
  readonly metrics: Metrics;
  readonly safety: Safety;
  readonly log: Logger;
  /** Where guests reach the bar; undefined is where they have asked. */
  readonly publicUrl: string | undefined;
}
