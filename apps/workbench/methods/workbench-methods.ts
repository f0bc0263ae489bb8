import type { Workbench } from '../open-workbench.ts';
import { methodModules } from './method-modules.ts';
import { MethodTable } from './method-table.ts';

/** What can be called of the home itself, without any daemon. */
export function workbenchMethods(workbench: Workbench): MethodTable {
  return new MethodTable(methodModules(workbench).flatMap(({ methods }) => methods));
}
