import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../clock.ts';
import { ConfigManager } from '../../config/config-manager.ts';
import { meetSettings } from '../../daemons/meet/meet-settings.ts';
import { slackSettings } from '../../daemons/slack/slack-settings.ts';
import { sprintSettings } from '../../daemons/sprint/sprint-settings.ts';
import { makeLog } from '../../log.ts';
import { emptyFolder } from '../support/open-home.ts';

function configOf(config: object): ConfigManager {
  const project = emptyFolder();
  writeFileSync(join(project, 'config.json'), JSON.stringify(config));
  const manager = ConfigManager.open({ project, environment: {}, clock: systemClock, log: makeLog('silent') });
  onTestFinished(() => manager.close());
  return manager;
}

test('without a configuration daemons have no outside service', () => {
  const config = configOf({});
  expect(sprintSettings(config)).toEqual({});
  expect(meetSettings(config)).toEqual({ ics: [], google: [] });
  expect(slackSettings(config)).toEqual({ channels: [] });
});

test('the sprint has its issues from Jira, or from a file where one is named', () => {
  const jira = { server: 'https://jira.example', token: 'canary', email: 'a@b.example', project: 'P' };
  const { jira: found } = sprintSettings(configOf({ jira }));
  expect(found).toMatchObject({
    server: 'https://jira.example',
    email: 'a@b.example',
    jql: expect.stringContaining('project = "P"') as string,
  });
  expect(found?.token.reveal()).toBe('canary');
  const sprint = { file: '/issues.yaml', command: ['work', '{key}'], timezone: 'Europe/Dublin' };
  expect(sprintSettings(configOf({ jira, sprint }))).toEqual({
    file: '/issues.yaml',
    worker: { command: ['work', '{key}'] },
    timeZone: 'Europe/Dublin',
  });
});

test('a project of Jira with a quotation mark in its name stays a text of the query', () => {
  const jira = { server: 'https://jira.example', token: 'x', project: 'A" OR project = "B' };
  expect(sprintSettings(configOf({ jira })).jira?.jql).toContain('project = "A\\" OR project = \\"B" AND');
});

test('meetings come from files and addresses, and from Google where its credentials are', () => {
  const meet = { timezone: 'Europe/Dublin', calendars: [{ name: 'work', ics: 'https://calendar.example/canary.ics', mode: 'skip' }] };
  const google = { client_id: 'c', client_secret: 's', calendars: [{ name: 'mine', id: 'primary' }] };
  const config = configOf({ meet, google: { ...google, refresh_token: 'r' } });
  expect(meetSettings(config)).toMatchObject({
    ics: [{ name: 'work', source: 'https://calendar.example/canary.ics', mode: 'skip' }],
    google: [{ name: 'mine', calendarId: 'primary', credentials: { clientId: 'c' } }],
    timeZone: 'Europe/Dublin',
  });
  expect(JSON.stringify(config.current)).not.toContain('canary');
  expect(meetSettings(configOf({ google })).google).toEqual([]);
});

test('Slack channels are ids in lists, and by name or id in records, also in older files', () => {
  const slack = { tokens: { bot: 'canary' }, channels: { team: { id: 'C1' } }, alert_channels: ['C2'] };
  expect(slackSettings(configOf({ slack })).channels).toEqual(['C1', 'C2']);
  expect(slackSettings(configOf({ slack })).client?.token.reveal()).toBe('canary');
  const listener = { watched_channels: ['D1', 'C3'], alert_channels: { C3: { name: 'alerts' }, C4: {} } };
  expect(slackSettings(configOf({ slack: { listener } })).channels).toEqual(['D1', 'C3', 'C4']);
});
