import { EXECUTION_MODES } from '../../config/config-sections.ts';
import { isRecord } from '../../json-value.ts';
import { isoTime, zonedTime } from '../../zoned-time.ts';

const SHOWN = 20;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what older schedulers wrote: runs as `{job, started_at, completed_at, status}` or as `{job_name, timestamp, success, duration_ms}`, oldest or newest first.
 * What it does not know it keeps; what it cannot understand is refused.
 */
export function readOlderCron(old: Fields): unknown {
  const { jobs = [], history = [], updated_at, last_updated, execution_mode, ...others } = old;
  if (!Array.isArray(jobs) || !Array.isArray(history)) throw new TypeError('its jobs and its history are not lists');
  const runs = history
    .map((run: unknown) => readRun(run))
    .toSorted((a, b) => String(b['started_at']).localeCompare(String(a['started_at'])));
  return {
    ...others,
    enabled: old['enabled'] ?? false,
    timezone: old['timezone'] ?? 'America/New_York',
    execution_mode: EXECUTION_MODES.find((mode) => mode === execution_mode) ?? 'claude_cli',
    jobs: jobs.map((job: unknown) => readJob(job)),
    history: runs.slice(0, SHOWN),
    updated_at: zonedTime(updated_at ?? last_updated) ?? null,
  };
}

function readJob(job: unknown): Fields {
  const { next_run, last_run, last_status = null, ...others } = fields(job);
  return {
    skill: others['name'],
    cron: '',
    enabled: true,
    ...others,
    next_run: zonedTime(next_run) ?? null,
    last_run: zonedTime(last_run) ?? null,
    last_status,
    run: null,
  };
}

function readRun(run: unknown): Fields {
  const {
    job,
    job_name,
    skill = '',
    timestamp,
    success,
    status,
    duration_ms,
    error,
    output_preview,
    started_at,
    completed_at,
    ...others
  } = fields(run);
  const end = zonedTime(completed_at ?? timestamp ?? started_at);
  const start = zonedTime(started_at);
  const took = typeof duration_ms === 'number' && duration_ms >= 0 ? duration_ms : start && end ? Date.parse(end) - Date.parse(start) : 0;
  if (end === undefined) throw new TypeError('a run in its history has no time');
  const isGood = success ?? ['success', 'completed', 'ok', 'done'].includes(String(status));
  return {
    ...others,
    job: job ?? job_name,
    skill,
    started_at: start ?? isoTime(Date.parse(end) - took),
    completed_at: end,
    status: status === 'skipped' ? 'skipped' : isGood === true ? 'success' : 'failed',
    duration_ms: Math.max(0, took),
    error: typeof error === 'string' && error !== '' ? error : null,
    output_preview: typeof output_preview === 'string' ? output_preview : '',
  };
}

function fields(value: unknown): Fields {
  if (isRecord(value)) return value;
  throw new TypeError('something in its lists is no object');
}
