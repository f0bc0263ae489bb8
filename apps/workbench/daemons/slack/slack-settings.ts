import { Secret } from 'holdfast';
import type { ConfigManager } from '../../config/config-manager.ts';
import { isRecord } from '../../json-value.ts';
import type { SlackSettings } from './slack-module.ts';

/**
 * The settings of the Slack daemon: `slack.token` (or `tokens.bot`), and the channels that are read: `channels` and `alert_channels`, as ids, or by name with an `id` or
 * by id. An older file has its channels in `listener`.
 */
export function slackSettings(config: ConfigManager): SlackSettings {
  const slack = config.get('slack') ?? {};
  const listener = recordOf(slack['listener']);
  const token = slack.token ?? slack.tokens?.['bot'] ?? recordOf(slack['auth'])['token'];
  const channels = [slack.channels, slack.alert_channels, listener['watched_channels'], listener['alert_channels']].flatMap(channelIds);
  return { ...(token instanceof Secret && { client: { token } }), channels: [...new Set(channels)] };
}

/** Ids in a list, or in a record: as `id` of its values, or as its keys. */
function channelIds(channels: unknown): readonly string[] {
  if (Array.isArray(channels)) return channels.filter((id): id is string => typeof id === 'string');
  return Object.entries(recordOf(channels)).map(([key, channel]) => {
    const { id } = recordOf(channel);
    return typeof id === 'string' ? id : key;
  });
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
