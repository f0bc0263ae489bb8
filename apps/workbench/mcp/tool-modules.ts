import { configMethods } from '../config/config-methods.ts';
import { fileMethods } from '../methods/file-methods.ts';
import type { Method } from '../methods/method.ts';
import type { Workbench } from '../open-workbench.ts';
import { checkpointMethods } from '../runs/checkpoint-methods.ts';
import { toggleMethods } from '../toggles/toggle-methods.ts';
import { sessionMethods } from '../workspaces/session-methods.ts';
import { daemonMethods } from './daemon-methods.ts';

/** Tools that a persona brings together. */
export interface ToolModule {
  /** As personas name it. */
  readonly name: string;
  readonly methods: readonly Method[];
  /** Offered whatever the persona: without these nobody could change it. */
  readonly isAlwaysOffered: boolean;
}

/** Every method that the Workbench has, by module. */
export function toolModules(workbench: Workbench): readonly ToolModule[] {
  return [
    { name: 'memory', methods: workbench.memory.methods, isAlwaysOffered: true },
    { name: 'session', methods: sessionMethods(workbench), isAlwaysOffered: true },
    { name: 'files', methods: fileMethods(workbench), isAlwaysOffered: true },
    { name: 'toggles', methods: toggleMethods(workbench.toggles), isAlwaysOffered: false },
    { name: 'config', methods: configMethods(workbench.config), isAlwaysOffered: false },
    { name: 'checkpoint', methods: checkpointMethods(workbench), isAlwaysOffered: false },
    { name: 'daemons', methods: daemonMethods(workbench), isAlwaysOffered: false },
  ];
}
