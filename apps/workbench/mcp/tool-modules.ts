import { methodModules, type MethodModule } from '../methods/method-modules.ts';
import type { Workbench } from '../open-workbench.ts';
import { daemonMethods } from './daemon-methods.ts';

/** Every method that clients can call, by module; those of daemons through `daemon_call`. */
export function toolModules(workbench: Workbench): readonly MethodModule[] {
  return [...methodModules(workbench), { name: 'daemons', methods: daemonMethods(workbench), isAlwaysOffered: false }];
}
