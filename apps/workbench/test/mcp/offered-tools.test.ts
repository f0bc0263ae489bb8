import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Workbench } from '../../open-workbench.ts';
import { serveHttp, type McpUser } from '../support/mcp-client.ts';
import { emptyFolder } from '../support/open-home.ts';

const CONFIG = {
  jira: { server: 'https://jira.example' },
  gitlab: { url: 'https://gitlab.example' },
  personas: { developer: ['toggles', 'git'], devops: ['daemons', 'config'] },
};

async function start(): Promise<{ readonly workbench: Workbench; readonly connect: (query?: string) => Promise<McpUser> }> {
  const home = join(emptyFolder(), 'home');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'config.json'), JSON.stringify(CONFIG));
  return await serveHttp({ home, project: home });
}

/** Which modules are offered, by one tool of each. */
async function offered(user: McpUser): Promise<readonly string[]> {
  const names = await user.toolNames();
  return ['memory_read', 'session_start', 'persona_load', 'toggles_get', 'config_get', 'daemon_list'].filter((name) =>
    names.includes(name),
  );
}

const ALWAYS = ['memory_read', 'session_start', 'persona_load'];

describe('tools', () => {
  test('are all offered to a client without a session', async () => {
    const { connect } = await start();
    await expect(offered(await connect())).resolves.toEqual([...ALWAYS, 'toggles_get', 'config_get', 'daemon_list']);
  });

  test('are those of the persona of the session that the client has begun, and the client is told', async () => {
    const { connect } = await start();
    const [user, other] = await Promise.all([connect(), connect()]);
    await user.call('session_start', { persona: 'developer' });
    await expect.poll(() => user.told, { timeout: 10_000 }).toContain('tools');
    await expect(offered(user)).resolves.toEqual([...ALWAYS, 'toggles_get']);
    await expect(offered(other)).resolves.toContain('daemon_list');
  });

  test('change with the persona, also when another process loads it', async () => {
    const { connect, workbench } = await start();
    const user = await connect();
    const session = await user.call('session_start', { persona: 'developer' });
    const { sessionId } = session as { sessionId: string };
    await workbench.workspaces.loadPersona(sessionId, 'devops');
    await expect.poll(() => offered(user), { timeout: 10_000 }).toEqual([...ALWAYS, 'config_get', 'daemon_list']);
  });

  test('are all offered where the workspace does not filter', async () => {
    const { connect, workbench } = await start();
    const user = await connect();
    const { workspaceUri } = await workbench.workspaces.createSession({ persona: 'developer' });
    await workbench.workspaces.setToolFilter(workspaceUri, false);
    await user.call('session_start', { persona: 'developer', workspace_uri: workspaceUri });
    await expect(offered(user)).resolves.toEqual([...ALWAYS, 'toggles_get', 'config_get', 'daemon_list']);
  });

  test('that are not offered refuse, and say how to get them', async () => {
    const { connect } = await start();
    const user = await connect();
    await user.call('session_start', { persona: 'developer' });
    await expect(user.call('daemon_list')).rejects.toThrow('persona_load');
  });

  test('are those of the session that the address names', async () => {
    const { connect, workbench } = await start();
    const { sessionId } = await workbench.workspaces.createSession({ persona: 'devops' });
    await expect(offered(await connect(`?session=${sessionId}`))).resolves.toEqual([...ALWAYS, 'config_get', 'daemon_list']);
  });
});

test('a session knows which tools its client has called, and after five there is a checkpoint', async () => {
  const { connect, workbench } = await start();
  const user = await connect();
  await user.call('session_start', { name: 'one' });
  for (let call = 0; call < 4; call += 1) await user.call('memory_list');
  const session = workbench.workspaces.getActiveSession();
  expect(session).toMatchObject({ lastTool: 'memory_list', toolCallCount: 5 });
  await expect(user.call('checkpoint_list', { id: session?.sessionId })).resolves.toMatchObject({
    checkpoints: [{ name: 'auto-1' }],
  });
});
