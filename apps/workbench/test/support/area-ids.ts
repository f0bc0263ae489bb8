/** The areas of the page, as its addresses name them. */
export const AREA_IDS = ['now', 'sprint', 'messages', 'meetings', 'sessions', 'jobs', 'services', 'memory', 'files'] as const;
