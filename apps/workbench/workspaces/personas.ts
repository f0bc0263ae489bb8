import { WorkbenchError } from '../workbench-error.ts';

/** Tool modules by the names of personas. */
export type Personas = Readonly<Record<string, readonly string[]>>;

/** @throws {WorkbenchError} NOT_FOUND, with the names that there are. */
export function personaTools(personas: Personas, persona: string): readonly string[] {
  const tools = Object.hasOwn(personas, persona) ? personas[persona] : undefined;
  if (tools) return tools;
  const known = Object.keys(personas).join(', ');
  throw new WorkbenchError(
    'NOT_FOUND',
    `There is no persona ${JSON.stringify(persona)}; ${known ? `there are ${known}` : 'the configuration has none under "personas"'}.`,
  );
}
