import { expect, test } from 'vitest';
import { memoryDaemon } from '../../daemons/memory/memory-daemon.ts';
import { socketWay } from '../../dbus/socket-way.ts';
import { serveHttp } from '../support/mcp-client.ts';
import { startDaemons } from '../support/start-daemons.ts';

test('a running daemon is listed, tells how it is, and is called', async () => {
  const { workbench } = await startDaemons({ modules: [memoryDaemon], waysIn: [socketWay(process.env)] });
  const user = await (await serveHttp({ home: workbench.home })).connect();
  const { daemons } = (await user.call('daemon_list')) as { daemons: readonly { name: string; running: boolean }[] };
  expect(daemons.filter(({ running }) => running)).toEqual([{ name: 'memory', running: true }]);
  await expect(user.call('daemon_status', { daemon: 'memory' })).resolves.toMatchObject({
    result: { running: true, methods: expect.arrayContaining(['memory_read']) as unknown },
  });
  await user.call('daemon_call', { daemon: 'memory', method: 'memory_write', arguments: { key: 'knowledge/x', content: { a: 1 } } });
  await expect(user.call('memory_read', { key: 'knowledge/x' })).resolves.toMatchObject({ content: { a: 1 } });
  await expect(user.call('daemon_call', { daemon: 'memory', method: 'no_such_method' })).rejects.toThrow('NOT_FOUND: There is no method');
  await expect(user.call('daemon_call', { daemon: 'meet', method: 'list' })).rejects.toThrow('holdfast-workbench start meet');
});
