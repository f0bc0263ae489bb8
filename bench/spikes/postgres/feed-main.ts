// A feed in a process of its own, as on another machine: `feed-main.ts <port> <schema>`. Says when it listens; ends with its parent.
import { Feed } from './feed.ts';
import { connectTo } from './server.ts';

const [port, schema] = process.argv.slice(2) as [string, string];
const feed = new Feed(() => connectTo(Number(port)), schema);
process.on('disconnect', () => void feed[Symbol.asyncDispose]());
await feed.start();
process.send!('listening');
