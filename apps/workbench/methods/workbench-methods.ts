import { configMethods } from '../config/config-methods.ts';
import type { Workbench } from '../open-workbench.ts';
import { toggleMethods } from '../toggles/toggle-methods.ts';
import { sessionMethods } from '../workspaces/session-methods.ts';
import { fileMethods } from './file-methods.ts';
import { MethodTable } from './method-table.ts';

/** What can be called of the home itself, without any daemon. */
export function workbenchMethods(workbench: Workbench): MethodTable {
  const { toggles, config, memory } = workbench;
  return new MethodTable([
    ...toggleMethods(toggles),
    ...configMethods(config),
    ...sessionMethods(workbench),
    ...memory.methods,
    ...fileMethods(workbench),
  ]);
}
