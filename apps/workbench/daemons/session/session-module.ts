import type { DaemonModule } from '../daemon.ts';
import { SessionDaemon } from './session-daemon.ts';

export const sessionModule: DaemonModule = { name: 'session', create: (context) => new SessionDaemon(context) };
