import type { Json } from 'holdfast';
import { z } from 'zod';
import { admitMessage } from '../http/admission.ts';
import type { MayaContext } from '../http/maya-context.ts';
import { Refusal } from '../refusal.ts';
import { INSTEAD } from '../safety/safety.ts';
import { withSession } from '../session/session-context.ts';
import { BAR_TOOLS } from '../tools/bar-tools.ts';
import type { BarTool } from '../tools/bar-tool.ts';
import { runTool } from '../tools/run-tool.ts';
import { errorAnswer } from './mcp-answer.ts';
import { HandleSchema, readInput, sessionFor, withWholeLink, type McpTool } from './mcp-tool.ts';

const CallIdSchema = z
  .string()
  .regex(/^[\w-]{1,64}$/)
  .optional()
  .describe(
    'A name that you make up for this call. Repeats under the same name are one call, so a call whose answer was lost can be made again.',
  );

/** The tools that the model has, for clients: each with the handle of a session. */
export function barTools(context: MayaContext): readonly McpTool[] {
  return [...BAR_TOOLS.values()].map((tool) => barTool(context, tool));
}

/** What changes something counts as a message of the session, is judged as one, and happens once per `call_id`. */
function barTool(context: MayaContext, tool: BarTool): McpTool {
  const { bar, safety, metrics } = context;
  const { name, title, description, hints, invalidInput } = tool;
  const input = z.strictObject({ session: HandleSchema, ...tool.input.shape, ...(!hints.readOnly && { call_id: CallIdSchema }) });
  return {
    name,
    title,
    description,
    hints,
    input,
    run: async (given, place) => {
      const { session: handle, call_id: id, ...rest } = readInput({ name, invalidInput, input }, given) as Given;
      const session = await sessionFor(context, handle);
      if (!hints.readOnly) await admitMessage(context, session);
      const said = textOf(rest);
      const verdict = said === '' ? 'fine' : await safety.judge(said, 'input');
      if (verdict === 'injection' || verdict === 'toxicity') throw new Refusal(invalidInput, INSTEAD[verdict]);
      const maySpend = (): boolean => verdict !== 'failed';
      const { answer } = await withSession({ session, client: { id }, maySpend }, () => runTool(bar, name, rest));
      metrics.toolCalled(name, answer.status);
      if (answer.status === 'ok') return { ...answer, result: withWholeLink(answer.result, place) };
      const { error, message, needsReconciliation } = answer;
      return errorAnswer(error, message, needsReconciliation ? { needsReconciliation } : {});
    },
  };
}

type Given = Readonly<Record<string, Json>> & { readonly session: string; readonly call_id?: string };

function textOf(input: Readonly<Record<string, Json>>): string {
  return Object.values(input)
    .flat()
    .filter((value) => typeof value === 'string')
    .join('\n');
}
