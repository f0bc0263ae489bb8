import { expect, test } from 'vitest';
import { Journal } from '../../runs/journal.ts';
import { recordToolCall } from '../../runs/record-tool-call.ts';
import { openHome } from '../support/open-home.ts';

test('what a session calls is in its journal, and every fifth call is a checkpoint', async () => {
  const workbench = await openHome();
  const { sessionId } = await workbench.workspaces.createSession();
  for (let call = 1; call <= 5; call += 1)
    await recordToolCall(workbench, {
      sessionId,
      toolCall: `call-${call}`,
      tool: 'memory_read',
      status: 'error',
      summary: 'x'.repeat(5_000),
    });
  await workbench.state.flush();
  const { entity, current } = await Journal.open(workbench.state, 'conversation', sessionId);
  expect(Object.keys(current.tools)).toEqual(['call-1', 'call-2', 'call-3', 'call-4', 'call-5']);
  expect(current.tools['call-1']).toMatchObject({ tool: 'memory_read', status: 'error', summary: 'x'.repeat(2_000) });
  expect((await entity.checkpoints()).map(({ name }) => name)).toEqual(['auto-1']);
  expect(workbench.workspaces.getSession(sessionId)).toMatchObject({ toolCallCount: 5, lastTool: 'memory_read' });
});

test('a call of no session is not noted', async () => {
  const workbench = await openHome();
  const call = { sessionId: 'nobody', toolCall: 'call-1', tool: 'memory_read' };
  await expect(recordToolCall(workbench, call)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await workbench.state.conversation('nobody').exists()).toBe(false);
});
