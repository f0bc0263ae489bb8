import { render } from 'ink';
import { createElement as element } from 'react';
import type { OpenHome } from '../client/open-home.ts';
import { Dashboard } from './dashboard.ts';

/** Shows the dashboard on a screen of its own until it is left; then the terminal is as it was. */
export async function runDashboard({ overview, calls }: Pick<OpenHome, 'overview' | 'calls'>, hasColour: boolean): Promise<void> {
  const screen = render(element(Dashboard, { overview, calls, hasColour }), { alternateScreen: true, incrementalRendering: true });
  const end = (): void => screen.unmount();
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, end);
  await screen.waitUntilExit();
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, end);
}
