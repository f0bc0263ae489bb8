import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { openEvents } from './live/open-events.ts';
import { LiveOverview } from './live/live-overview.ts';
import './page.css';
import './shell/shell.css';
import './parts/parts.css';
import './areas/areas.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"; put it back');

const live = new LiveOverview({
  openEvents,
  setTimer(run, delayMs) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
});
// Asking anew shows whether the server is out of reach, too.
for (const change of ['online', 'offline']) window.addEventListener(change, () => live.start());
live.start();

createRoot(root).render(
  <StrictMode>
    <App live={live} />
  </StrictMode>,
);
