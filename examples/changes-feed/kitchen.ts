// Follows the orders in the database at argv[2] behind the seq argv[3] and tells its parent of each, until that one disconnects.
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';

const [, , path = '', since = '0'] = process.argv;
const closing = new AbortController();
process.once('disconnect', () => closing.abort());

await using state = await StateManager.open({ store: sqlite(path) });
for await (const { seq, actor, changes } of state.changes({ state: 'order', since: Number(since), signal: closing.signal })) {
  for (const { id, version } of changes) process.send?.({ seq, text: `${id}, version ${version}, by ${actor}` });
}
