import { configMethods } from '../config/config-methods.ts';
import type { Workbench } from '../open-workbench.ts';
import { performanceMethods } from '../performance/performance-methods.ts';
import { Performance } from '../performance/performance.ts';
import { checkpointMethods } from '../runs/checkpoint-methods.ts';
import { toggleMethods } from '../toggles/toggle-methods.ts';
import { sessionMethods } from '../workspaces/session-methods.ts';
import { fileMethods } from './file-methods.ts';
import type { Method } from './method.ts';

/** Methods that a persona brings together. */
export interface MethodModule {
  /** As personas name it. */
  readonly name: string;
  readonly methods: readonly Method[];
  /** Offered whatever the persona: without these nobody could change it. */
  readonly isAlwaysOffered: boolean;
}

/** Every method of the home itself, without any daemon. */
export function methodModules(workbench: Workbench): readonly MethodModule[] {
  const { memory, toggles, config } = workbench;
  return [
    { name: 'memory', methods: memory.methods, isAlwaysOffered: true },
    { name: 'session', methods: sessionMethods(workbench), isAlwaysOffered: true },
    { name: 'files', methods: fileMethods(workbench), isAlwaysOffered: true },
    { name: 'toggles', methods: toggleMethods(toggles), isAlwaysOffered: false },
    { name: 'config', methods: configMethods(config), isAlwaysOffered: false },
    { name: 'checkpoint', methods: checkpointMethods(workbench), isAlwaysOffered: false },
    { name: 'performance', methods: performanceMethods(new Performance(workbench)), isAlwaysOffered: false },
  ];
}
