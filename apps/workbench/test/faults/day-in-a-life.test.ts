import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { connectDaemon } from '../../client/daemon-client.ts';
import type { DaemonName } from '../../daemons/daemon.ts';
import { composer, CursorStandIn } from '../support/cursor-stand-in.ts';
import { McpUser } from '../support/mcp-client.ts';
import { commandLine, type CommandLine } from '../support/run-command-line.ts';
import type { Child } from '../support/run-child.ts';

const PARSER_CHAT = '11111111-1111-4111-8111-111111111111';
const LEXER_CHAT = '22222222-2222-4222-8222-222222222222';
const PATIENT = { timeout: 20_000, interval: 200 };

test('a day: an issue is begun in a chat, memory follows, another chat takes over, a meeting is skipped, an issue is blocked, and all of it outlives kill -9', async () => {
  const day = beginDay();
  let daemons = await day.startDaemons();

  // The chats of the editor are there, and the one that is looked at is active.
  await expect.poll(async () => (await day.sessions()).length, PATIENT).toBe(2);
  const agent = await day.agent();
  await agent.call('session_start', { session_id: PARSER_CHAT });
  await agent.call('session_set_issue', { session_id: PARSER_CHAT, issue_keys: ['AAP-7'], branch: 'aap-7-parser' });

  // Memory follows, where every process and every editor sees it.
  const issue = { key: 'AAP-7', summary: 'The parser loses a comma', status: 'in_progress', branch: 'aap-7-parser' };
  await agent.call('memory_append', { key: 'state/current_work', path: 'active_issues', item: issue, match_key: 'key' });
  await expect(day.call('memory', 'memory_read', { key: 'state/current_work' })).resolves.toMatchObject({
    content: { active_issues: [issue] },
  });
  const currentWork = join(day.home, 'memory/state/current_work.yaml');
  await expect.poll(() => yamlOf(currentWork), PATIENT).toMatchObject({ active_issues: [issue] });
  appendFileSync(currentWork, '# Ask Ben about commas.\nfollow_ups:\n  - Tell Ben\n');
  await expect
    .poll(() => day.call('memory', 'memory_read', { key: 'state/current_work' }), PATIENT)
    .toMatchObject({ content: { follow_ups: ['Tell Ben'] } });

  // The other chat gets the focus and goes on where the first one was.
  day.focus(LEXER_CHAT);
  await expect.poll(async () => (await day.sessions()).find(({ isActive }) => isActive)?.sessionId, PATIENT).toBe(LEXER_CHAT);
  const other = await day.agent();
  const context = await other.call('session_export_context', { session_id: PARSER_CHAT });
  expect(context).toMatchObject({ markdown: expect.stringContaining('AAP-7') as string });
  await other.call('session_set_issue', { session_id: LEXER_CHAT, issue_keys: ['AAP-7'], branch: 'aap-7-lexer' });
  await other.call('memory_append', {
    key: 'state/current_work',
    path: 'active_issues',
    item: { ...issue, branch: 'aap-7-lexer' },
    match_key: 'key',
  });

  // A meeting is not gone to, which is in its file at once.
  const [meeting] = (await day.call<Meetings>('meet', 'list_meetings')).upcomingMeetings;
  expect(meeting).toMatchObject({ title: 'Planning', mode: 'notes' });
  await day.call('meet', 'skip_meeting', { event_id: meeting!.event_id, reason: 'AAP-7 is urgent' });
  expect(jsonOf(join(day.home, 'state.json'))).toMatchObject({
    meetings: { [meeting!.event_id]: { status: 'skip', reason: 'AAP-7 is urgent' } },
  });

  // The sprint daemon blocks an issue whose work fails, and is at another one when the machine goes down.
  await day.call('sprint', 'approve_issue', { key: 'AAP-7' });
  await day.call('sprint', 'start_issue', { key: 'AAP-7' });
  await expect.poll(() => day.issue('AAP-7'), PATIENT).toMatchObject({ status: 'blocked', reason: 'The tests of AAP-7 fail.' });
  await day.call('sprint', 'approve_issue', { key: 'AAP-8' });
  await day.call('sprint', 'start_issue', { key: 'AAP-8' });
  expect(await day.issue('AAP-8')).toMatchObject({ status: 'in_progress' });

  // Everything stops at once, with changes that are in no file yet.
  await other.call('session_rename', { session_id: PARSER_CHAT, name: 'Parser, as it was' });
  await Promise.all([daemons.kill('SIGKILL'), day.killAgents()]);

  // And everything is there again.
  daemons = await day.startDaemons();
  const sessions = await day.sessions();
  expect(sessions.find(({ sessionId }) => sessionId === PARSER_CHAT)).toMatchObject({ name: 'Parser, as it was', issueKey: 'AAP-7' });
  expect(sessions.find(({ isActive }) => isActive)).toMatchObject({ sessionId: LEXER_CHAT, branch: 'aap-7-lexer' });
  await expect(day.call('memory', 'memory_read', { key: 'state/current_work' })).resolves.toMatchObject({
    content: { active_issues: [{ key: 'AAP-7', branch: 'aap-7-lexer' }], follow_ups: ['Tell Ben'] },
  });
  expect((await day.call<Meetings>('meet', 'list_meetings')).upcomingMeetings[0]).toMatchObject({ title: 'Planning', mode: 'skip' });
  expect(await day.issue('AAP-7')).toMatchObject({ status: 'blocked' });
  // Whose work it was is known to be dead once its lease has run out.
  await expect
    .poll(() => day.issue('AAP-8'), { ...PATIENT, timeout: 60_000 })
    .toMatchObject({ status: 'blocked', reason: expect.stringMatching(/process|interrupted/) as string });

  // The evening: what was pending is in its file, with what a person wrote there.
  await expect(day.stop()).resolves.toMatchObject({ code: 0 });
  await daemons.ended;
  expect(readFileSync(currentWork, 'utf8')).toContain('# Ask Ben about commas.');
  expect(yamlOf(currentWork)).toMatchObject({ active_issues: [{ branch: 'aap-7-lexer' }] });
  expect(JSON.stringify(jsonOf(join(day.home, 'workspace_states.json')))).toContain('Parser, as it was');
  expect(jsonOf(join(day.home, 'sprint_state_v2.json'))).toMatchObject({ current_issue: null, stats: { failed: 2, successful: 0 } });
}, 120_000);

interface Meetings {
  readonly upcomingMeetings: readonly { readonly event_id: string; readonly title: string; readonly mode: string }[];
}

interface Session {
  readonly sessionId: string;
  readonly isActive: boolean;
}

interface Day {
  readonly home: string;
  readonly startDaemons: () => Promise<Child>;
  /** An agent with an MCP server of its own. */
  readonly agent: () => Promise<McpUser>;
  readonly killAgents: () => Promise<void>;
  /** A person looks at another chat in the editor. */
  readonly focus: (chatId: string) => void;
  readonly call: <T = Record<string, unknown>>(daemon: DaemonName, method: string, input?: Readonly<Record<string, unknown>>) => Promise<T>;
  readonly sessions: () => Promise<readonly Session[]>;
  readonly issue: (key: string) => Promise<unknown>;
  readonly stop: () => ReturnType<CommandLine['run']>;
}

/** A project with two chats in Cursor, a sprint of two issues, and a meeting in an hour; daemons and agents are processes of the command. */
function beginDay(): Day {
  const commands = commandLine();
  const { home, project, environment, run, begin } = commands;
  mkdirSync(project, { recursive: true });
  const cursor = new CursorStandIn(join(String(environment['HOME']), '.config/Cursor/User'));
  const chats = [composer(PARSER_CHAT, { name: 'The parser' }), composer(LEXER_CHAT, { name: 'The lexer' })];
  const database = cursor.storage('one', `file://${project}`, { allComposers: chats, lastFocusedComposerIds: [PARSER_CHAT] });

  writeFileSync(
    join(project, 'sprint.yaml'),
    'issues:\n  - { key: AAP-7, summary: The parser loses a comma }\n  - { key: AAP-8, summary: The lexer is slow }\n',
  );
  writeFileSync(join(project, 'meetings.ics'), calendarOf('Planning', Date.now() + 3_600_000));
  // AAP-7 cannot be done; AAP-8 takes for ever.
  const work =
    "if (process.env.ISSUE_KEY === 'AAP-8') setInterval(() => {}, 1000); else { console.log('The tests of AAP-7 fail.'); process.exit(1); }";
  const config = {
    repositories: { parser: { path: project } },
    jira: { server: 'https://jira.example.com' },
    gitlab: { url: 'https://gitlab.example.com' },
    sprint: { enabled: false, file: join(project, 'sprint.yaml'), command: [process.execPath, '-e', work] },
    meet: { calendars: [{ name: 'Team', ics: join(project, 'meetings.ics'), mode: 'notes' }] },
  };
  writeFileSync(join(project, 'config.json'), JSON.stringify(config));

  const servers: StdioClientTransport[] = [];
  const call: Day['call'] = async (daemon, method, input = {}) => {
    using client = await connectDaemon({ home, daemon, environment, via: 'socket' });
    return (await client.call(method, input)) as never;
  };
  return {
    home,
    async startDaemons() {
      const started = begin('start', 'session', 'memory', 'meet', 'sprint');
      expect(await started.line()).toContain('session, memory, meet, sprint run');
      return started;
    },
    async agent() {
      const env = Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined));
      const server = new StdioClientTransport({ command: process.execPath, args: [...commands.program, 'mcp'], env, stderr: 'inherit' });
      servers.push(server);
      return await McpUser.connect(server);
    },
    async killAgents() {
      for (const server of servers) process.kill(server.pid!, 'SIGKILL');
      await expect.poll(() => servers.filter(({ pid }) => pid !== null).length, PATIENT).toBe(0);
    },
    focus: (chatId) => cursor.write(database, { allComposers: chats, lastFocusedComposerIds: [chatId] }),
    call,
    sessions: async () => (await call<{ sessions: readonly Session[] }>('session', 'session_list')).sessions,
    issue: async (key) => await call('sprint', 'get_trace', { key }),
    stop: () => run('stop'),
  };
}

function calendarOf(title: string, startsAt: number): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Holdfast//Tests//EN',
    'BEGIN:VEVENT',
    'UID:planning@example.com',
    `DTSTAMP:${stamp(startsAt)}`,
    `DTSTART:${stamp(startsAt)}`,
    `DTEND:${stamp(startsAt + 1_800_000)}`,
    `SUMMARY:${title}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** A time as calendars write it. */
function stamp(time: number): string {
  return new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

function yamlOf(path: string): unknown {
  return parse(readFileSync(path, 'utf8'));
}

function jsonOf(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
