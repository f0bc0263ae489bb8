import { join } from 'node:path';
import { systemClock, type Clock } from '../../clock.ts';
import type { DaemonModule } from '../daemon.ts';
import { sendEffect } from './send-effect.ts';
import { SlackClient, type SlackClientOptions } from './slack-client.ts';
import { SlackDaemon } from './slack-daemon.ts';

export interface SlackSettings {
  /** Without it messages wait, and nothing is read. */
  readonly client?: SlackClientOptions;
  /** Ids of channels that are read. */
  readonly channels: readonly string[];
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** The Slack daemon, as it is configured. */
export function slackModule({ client: options, channels, clock: ownClock = systemClock }: SlackSettings): DaemonModule {
  const client = options && new SlackClient(options);
  const slack = client && { client, send: sendEffect(client, ownClock) };
  return {
    name: 'slack',
    ...(slack && { effects: [slack.send] }),
    create: ({ workbench: { home, state, store, clock, log }, emit, lease }) =>
      new SlackDaemon({ state, store, clock, log, emit, lease, channels, history: join(home, 'slack_state.db'), ...(slack && { slack }) }),
  };
}
