/** Reads every commit of a store as soon as it is told of it, as a feed on another machine would: `postgres-feed-main.ts <url> <schema>`. */
import { postgres } from 'holdfast/postgres';
import pg from 'pg';

const [url = '', schema = ''] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 1 });
pool.on('error', () => undefined);
const store = postgres({ client: pool, listen: () => new pg.Client(url), schema });
let { seq } = await store.open();
let isReading = false;
let hasMoved = false;

async function read(): Promise<void> {
  hasMoved = true;
  if (isReading) return;
  isReading = true;
  while (hasMoved) {
    hasMoved = false;
    for (let before = -1; before < seq;) {
      before = seq;
      ({ seq } = await store.log(seq, {}, 256));
    }
  }
  isReading = false;
}

store.signal(() => void read());
// A store keeps no process alive; somebody who waits for messages does.
process.on('message', () => undefined);
process.on('disconnect', () => void store.close().then(() => pool.end()));
process.send?.('listening');
