import { Connection } from '../../src/stores/sqlite/connection.ts';
import { Renderer } from '../../src/stores/file/renderer.ts';
import { StatePlaces } from '../../src/stores/file/state-places.ts';

/** Renders the state `counter` of the entity argv[3] of the directory argv[2] once, with a temporary file whose name can be known. */
const [root, eid] = process.argv.slice(2) as [string, string];
const db = new Connection({ name: 'traced', path: `${root}/.holdfast/store.db`, busyTimeoutMs: 10_000 });
await db.open({ readOnly: false });
const renderer = new Renderer({ db, root, places: new StatePlaces('json', undefined), owner: 'traced', report: () => undefined });
const { kind } = await renderer.render({ eid: Number(eid), state: 'counter' });
process.stdout.write(`${kind}\n`);
db.close();
