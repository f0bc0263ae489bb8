import type { MethodModule } from '../methods/method-modules.ts';
import type { Workbench } from '../open-workbench.ts';

/** Which modules a session is offered: its persona's, where its workspace filters. All of them without a session or a persona, or when the persona is none. */
export function offeredModules(
  { workspaces }: Pick<Workbench, 'workspaces'>,
  modules: readonly MethodModule[],
  sessionId: string | undefined,
): readonly MethodModule[] {
  const session = sessionId === undefined ? undefined : workspaces.getSession(sessionId);
  const workspace = session && workspaces.getWorkspace(session.workspaceUri);
  const personas = workspaces.personas();
  if (!session?.persona || !workspace?.toolFilterEnabled || !Object.hasOwn(personas, session.persona)) return modules;
  const wanted = personas[session.persona] ?? [];
  return modules.filter(({ name, isAlwaysOffered }) => isAlwaysOffered || wanted.includes(name));
}
