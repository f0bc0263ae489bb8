import { CronPattern } from 'croner';
import { Secret } from 'holdfast';
import { z } from 'zod';

const Text = z.string().max(10_000);
const Url = z.url({ protocol: /^https?$/ });
const Token = z.instanceof(Secret, { error: 'a token belongs here: a text' });
const MeetingMode = z.enum(['notes', 'interactive', 'skip']);
const Switch = z.looseObject({ enabled: z.boolean().optional() });

const Repository = z
  .looseObject({ path: Text.optional(), gitlabPath: Text.optional(), jira_project: Text.optional() })
  .refine(({ path, gitlabPath }) => path !== undefined || gitlabPath !== undefined, { error: 'needs `path` or `gitlabPath`' });

const TimeZone = Text.refine(isTimeZone, { error: 'is no time zone; name one such as America/New_York' });
const Schedule = z.string().max(200).refine(isCronPattern, { error: 'is no cron pattern; write one such as "30 8 * * 1-5"' });

/** How the scheduler runs what a job names: a command line that is given the prompt, the user's shell, or a function of this program. */
export const EXECUTION_MODES = ['claude_cli', 'shell', 'in_process'] as const;

const Job = z.looseObject({
  name: z.string().regex(/^[\w.-]{1,100}$/, { error: 'must be 1 to 100 letters, digits, `_`, `.` or `-`' }),
  /** Of a skill, or of one that the tool itself knows. */
  skill: Text.min(1),
  cron: Schedule,
  enabled: z.boolean().default(true),
  persona: Text.optional(),
  /** Default: that of all. */
  execution_mode: z.enum(EXECUTION_MODES).optional(),
  /** What an in-process skill is given. */
  inputs: z.record(z.string(), z.unknown()).default({}),
  /** Who is to be told: names of channels. */
  notify: z.union([z.array(Text), Text.transform((one) => [one]), z.boolean().transform(() => [])]).default([]),
});

const Schedules = z.looseObject({
  enabled: z.boolean().optional(),
  timezone: TimeZone.default('America/New_York'),
  execution_mode: z.enum(EXECUTION_MODES).default('claude_cli'),
  /** The command line of `claude_cli`; `{prompt}` and `{persona}` stand for themselves. */
  claude_cli: z.array(Text).min(1).default(['claude', '--print', '{prompt}']),
  /** How long a run may take. */
  timeout_minutes: z.number().positive().max(1_440).default(30),
  jobs: z
    .array(Job)
    .max(1_000)
    .default([])
    .superRefine((jobs, context) => {
      const names = jobs.map(({ name }) => name);
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) < index)
          context.addIssue({ code: 'custom', path: [index, 'name'], message: 'is the name of another job too' });
      }
    }),
});

/** The sections that the Workbench knows, in the shape in which they are given out. What else stands in them is kept. */
export const SECTIONS = {
  repositories: z.record(z.string(), Repository),
  jira: z.looseObject({
    server: Url.optional(),
    project: Text.default('AAP'),
    /** Repository or component → Jira project. */
    projects: z.record(z.string(), z.unknown()).optional(),
    token: Token.optional(),
    email: Text.optional(),
  }),
  gitlab: z.looseObject({ url: Url.optional(), token: Token.optional() }),
  kubernetes: z.looseObject({ environments: z.record(z.string(), z.looseObject({ kubeconfig: Text.optional() })).optional() }),
  slack: z.looseObject({
    enabled: z.boolean().optional(),
    token: Token.optional(),
    tokens: z.record(z.string(), Token).optional(),
    channels: z.union([z.array(Text), z.record(z.string(), z.unknown())]).optional(),
    alert_channels: z.union([z.array(Text), z.record(z.string(), z.unknown())]).optional(),
  }),
  google: z.looseObject({
    enabled: z.boolean().optional(),
    client_id: Text.optional(),
    client_secret: Token.optional(),
    refresh_token: Token.optional(),
    calendars: z
      .array(z.looseObject({ name: Text, id: Text, mode: MeetingMode.optional() }))
      .max(100)
      .optional(),
  }),
  user: z.looseObject({ name: Text.optional(), email: z.email().optional(), aliases: z.array(Text).optional() }),
  commit: z.looseObject({ format: Text.optional(), types: z.array(Text).optional() }),
  schedules: Schedules,
  /** A named prompt or command that a job runs; a text alone is a prompt. */
  skills: z.record(
    z.string(),
    z.union([
      Text.transform((prompt): { readonly prompt?: string; readonly command?: string } => ({ prompt })),
      z.looseObject({ prompt: Text.optional(), command: Text.optional() }),
    ]),
  ),
  /** Name → tool modules; a list alone is its tools. */
  personas: z.record(
    z.string(),
    z.union([z.array(Text).transform((tools) => ({ tools })), z.looseObject({ tools: z.array(Text).default([]) })]),
  ),
  paths: z.looseObject({}),
  agent: z.looseObject({}),
  limits: z.looseObject({}),
  sprint: Switch,
  meet: z.looseObject({
    enabled: z.boolean().optional(),
    timezone: TimeZone.optional(),
    /** `ics` is a file or an address, which is a secret: who has it reads the calendar. */
    calendars: z
      .array(z.looseObject({ name: Text, ics: Token, mode: MeetingMode.optional(), email: Text.optional() }))
      .max(100)
      .optional(),
  }),
  google_calendar: Switch,
  gmail: Switch,
} as const;

/** What must be named for all parts of the Workbench to do their work. Without it the rest works all the same. */
export const REQUIRED = { jira: 'server', gitlab: 'url' } as const;

export type ConfigSections = { readonly [Name in keyof typeof SECTIONS]?: z.output<(typeof SECTIONS)[Name]> };
export type SectionName = keyof ConfigSections;
export type ScheduledJob = z.output<typeof Job>;

/** Names of the older shape, as those of this one. Gives a shallow copy; what it does not know stays. */
export function withNewerNames(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const renamed: Record<string, unknown> = { ...config };
  rename(renamed, 'commit_format', 'commit');
  inSection(renamed, 'commit', (commit) => rename(commit, 'pattern', 'format'));
  inSection(renamed, 'user', (user) => rename(user, 'full_name', 'name'));
  inSection(renamed, 'jira', (jira) => {
    rename(jira, 'url', 'server');
    rename(jira, 'default_project', 'project');
  });
  inSection(renamed, 'gitlab', (gitlab) => {
    if (typeof gitlab['host'] === 'string') gitlab['url'] ??= `https://${gitlab['host']}`;
  });
  inSection(renamed, 'repositories', (repositories) => {
    for (const name of Object.keys(repositories)) inSection(repositories, name, (each) => rename(each, 'gitlab', 'gitlabPath'));
  });
  return renamed;
}

function rename(section: Record<string, unknown>, older: string, newer: string): void {
  if (section[newer] === undefined && section[older] !== undefined) section[newer] = section[older];
}

function inSection(parent: Record<string, unknown>, name: string, change: (section: Record<string, unknown>) => void): void {
  const section = parent[name];
  if (typeof section !== 'object' || section === null || Array.isArray(section)) return;
  const copy = { ...section } as Record<string, unknown>;
  change(copy);
  parent[name] = copy;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isCronPattern(pattern: string): boolean {
  try {
    return new CronPattern(pattern).pattern !== '';
  } catch {
    return false;
  }
}
