import { z } from 'zod';
import { defineMethod, type Method } from '../methods/method.ts';
import type { Toggles } from './toggles.ts';
import { OVERRIDE_STATUSES } from './toggles-state.ts';

const Name = z.string().min(1).max(256);
const CHANGE = { readOnly: false, idempotent: true } as const;

/** What clients can call of the toggles. */
export function toggleMethods(toggles: Toggles): readonly Method[] {
  return [
    defineMethod({
      name: 'toggles_get',
      title: 'Read toggles',
      description:
        'Reads what is switched on and off at the moment: services, jobs and decisions about meetings. Names a section, and a key in it, to read less.',
      input: { section: Name.optional(), key: Name.optional() },
      hints: { readOnly: true },
      run: ({ section, key }) => (section === undefined ? toggles.getState() : (toggles.get(section, key) ?? null)),
    }),
    defineMethod({
      name: 'toggles_set_service',
      title: 'Switch a service',
      description:
        'Switches a service on or off (scheduler, sprint_bot, google_calendar, gmail or another one) whatever the configuration says.',
      input: { name: Name, enabled: z.boolean() },
      hints: CHANGE,
      run: async ({ name, enabled }) => {
        await toggles.setServiceEnabled(name, enabled);
        return { name, enabled: toggles.isServiceEnabled(name) };
      },
    }),
    defineMethod({
      name: 'toggles_set_job',
      title: 'Switch a scheduled job',
      description: 'Switches a job of the scheduler on or off. A job that was never switched is on.',
      input: { name: Name, enabled: z.boolean() },
      hints: CHANGE,
      run: async ({ name, enabled }) => {
        await toggles.setJobEnabled(name, enabled);
        return { name, enabled: toggles.isJobEnabled(name) };
      },
    }),
    defineMethod({
      name: 'toggles_set_meeting',
      title: 'Decide about a meeting',
      description: 'Decides that a meeting is joined or skipped, whatever its calendar says. Without a status the decision is taken back.',
      input: { id: Name, status: z.enum(OVERRIDE_STATUSES).optional(), reason: z.string().max(1_000).default('') },
      hints: CHANGE,
      run: async ({ id, status, reason }) => {
        if (status) await toggles.setMeetingOverride(id, { status, reason });
        else await toggles.clearMeetingOverride(id);
        return { id, override: toggles.getMeetingOverride(id) ?? null };
      },
    }),
  ];
}
