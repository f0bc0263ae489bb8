import { z } from 'zod';
import type { ConfigSections, EXECUTION_MODES, ScheduledJob } from '../../config/config-sections.ts';
import { PREVIEW_LENGTH } from './cron-state.ts';

/** What a run is to do, decided when it is intended: a configuration that changes meanwhile does not change it. */
export const RunOrder = z.strictObject({
  job: z.string(),
  skill: z.string(),
  how: z.discriminatedUnion('mode', [
    z.strictObject({ mode: z.literal('claude_cli'), command: z.array(z.string()) }),
    z.strictObject({ mode: z.literal('shell'), command: z.string() }),
    z.strictObject({ mode: z.literal('in_process'), inputs: z.record(z.string(), z.unknown()) }),
    /** What the configuration lacks; said when it runs, so that it stands in the history. */
    z.strictObject({ mode: z.literal('none'), reason: z.string() }),
  ]),
  timeoutMs: z.number(),
  startedAt: z.string(),
  notify: z.array(z.string()),
});
export type RunOrder = z.infer<typeof RunOrder>;

/** How a run ended. */
export const RunReport = z.strictObject({ error: z.string().nullable(), output: z.string().max(PREVIEW_LENGTH) });
export type RunReport = z.infer<typeof RunReport>;

/** The order for a job as it is configured now. */
export function orderOf(job: ScheduledJob, config: Pick<ConfigSections, 'schedules' | 'skills'>, startedAt: string): RunOrder {
  const { schedules } = config;
  const mode = job.execution_mode ?? schedules?.execution_mode ?? 'claude_cli';
  const timeoutMs = (schedules?.timeout_minutes ?? 30) * 60_000;
  return { job: job.name, skill: job.skill, how: howOf(job, mode, config), timeoutMs, startedAt, notify: [...job.notify] };
}

function howOf(
  { skill: name, persona = '', inputs }: ScheduledJob,
  mode: (typeof EXECUTION_MODES)[number],
  { schedules, skills }: Pick<ConfigSections, 'schedules' | 'skills'>,
): RunOrder['how'] {
  const skill = skills && Object.hasOwn(skills, name) ? skills[name] : undefined;
  // A secret does not leave the configuration: it becomes its fingerprint.
  if (mode === 'in_process') return { mode, inputs: JSON.parse(JSON.stringify(inputs)) as Record<string, unknown> };
  // A skill that is nothing but a command is run by the shell in either mode.
  if (skill?.command !== undefined && (mode === 'shell' || skill.prompt === undefined)) return { mode: 'shell', command: skill.command };
  if (mode === 'shell') return { mode: 'none', reason: `The skill ${name} has no command; give it one in \`skills\` of config.json.` };
  const prompt = skill?.prompt ?? `Run the skill ${name}.`;
  const stands: Readonly<Record<string, string>> = { prompt, persona, skill: name };
  const command = schedules?.claude_cli ?? ['claude', '--print', '{prompt}'];
  return { mode, command: command.map((part) => part.replace(/\{(prompt|persona|skill)\}/g, (_all, key: string) => stands[key] ?? '')) };
}
