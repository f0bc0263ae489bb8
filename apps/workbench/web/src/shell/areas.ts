import type { OverviewView, SourceName } from '../../../client/views.ts';

/** The areas of the page in their order; the address names them: `#/sprint`. */
export const AREAS = [
  { id: 'now', title: 'Now', sources: [] },
  { id: 'sprint', title: 'Sprint', sources: ['sprint'] },
  { id: 'messages', title: 'Messages', sources: ['messages'] },
  { id: 'meetings', title: 'Meetings', sources: ['meetings'] },
  { id: 'sessions', title: 'Sessions', sources: ['sessions'] },
  { id: 'jobs', title: 'Jobs', sources: ['jobs'] },
  { id: 'services', title: 'Services', sources: ['services', 'health'] },
  { id: 'memory', title: 'Memory', sources: [] },
  { id: 'files', title: 'Files', sources: ['files'] },
] as const satisfies readonly { readonly id: string; readonly title: string; readonly sources: readonly SourceName[] }[];

export type Area = (typeof AREAS)[number];
export type AreaId = Area['id'];

/** The link to an area. Without the stroke it would be one to a place on the page. */
export function addressOf(area: AreaId): string {
  return `#/${area}`;
}

export function areaOf(hash: string): AreaId {
  return AREAS.find(({ id }) => addressOf(id) === hash)?.id ?? 'now';
}

/** How much in an area waits for a person; 0 where nothing does. */
export function waitingIn(id: AreaId, overview: OverviewView): number {
  if (id === 'sprint') return overview.sprint.value?.issues.filter(({ status }) => status === 'pending').length ?? 0;
  if (id === 'messages') return overview.messages.value?.filter(({ status }) => status === 'pending').length ?? 0;
  if (id === 'files') return overview.files.value?.length ?? 0;
  if (id === 'services') return overview.health.value?.filter(({ status }) => status === 'unhealthy' || status === 'degraded').length ?? 0;
  return 0;
}

export function hasFailed(area: Area, overview: OverviewView): boolean {
  return area.sources.some((name) => overview[name].status === 'failed');
}
