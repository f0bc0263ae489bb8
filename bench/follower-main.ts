/** Tells its parent of every commit when its feed gives it: `follower-main.ts sqlite <path>`, `follower-main.ts postgres <url> <schema>`. */
import { StateManager } from 'holdfast';
import { postgres } from 'holdfast/postgres';
import { sqlite } from 'holdfast/sqlite';
import pg from 'pg';
import { monotonicMs } from './follower.ts';

const [kind = '', place = '', schema = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: place, max: 1 });
pool.on('error', () => undefined);
const store = kind === 'sqlite' ? sqlite(place) : postgres({ client: pool, listen: () => new pg.Client(place), schema });
const state = await StateManager.open({ store, readOnly: true });
process.on('disconnect', () => void state.close().then(() => pool.end()));
const feed = state.changes();
const first = feed.next();
process.send?.('following');
for (let event = await first; !event.done; event = await feed.next()) process.send?.({ seq: event.value.seq, atMs: monotonicMs() });
