import type { ConfigManager } from '../../config/config-manager.ts';
import type { MeetSettings } from './meet-module.ts';

/**
 * The settings of the meeting daemon: `meet.calendars` (`name`, `ics`, `mode`, `email`), and those of Google in `google.calendars` (`name`, `id`, `mode`), for which
 * `google` has `client_id`, `client_secret` and `refresh_token`.
 */
export function meetSettings(config: ConfigManager): MeetSettings {
  const { calendars = [], timezone } = config.get('meet') ?? {};
  const {
    calendars: ofGoogle = [],
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  } = config.get('google') ?? {};
  const credentials = clientId !== undefined && clientSecret && refreshToken ? { clientId, clientSecret, refreshToken } : undefined;
  return {
    ics: calendars.map(({ name, ics, mode, email }) => ({
      name,
      source: ics.reveal(),
      ...(mode && { mode }),
      ...(email !== undefined && { email }),
    })),
    google: credentials ? ofGoogle.map(({ name, id, mode }) => ({ name, calendarId: id, credentials, ...(mode && { mode }) })) : [],
    ...(timezone !== undefined && { timeZone: timezone }),
  };
}
