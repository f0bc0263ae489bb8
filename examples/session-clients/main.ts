// Tools deep inside a turn find the session that they work for without being handed it, and use its own client: made once, replaced when its key
// changes, closed after its last user.
import assert from 'node:assert/strict';
import { ClientRegistry, defineState, SessionContext, StateManager, type EntityHandle } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const Chat = defineState({
  name: 'chat',
  scope: 'conversation',
  schema: z.strictObject({ lines: z.array(z.string()) }),
  initial: { lines: [] },
});

/** Stands in for the client of a model's provider. */
class ModelClient {
  static readonly events: string[] = [];
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
    ModelClient.events.push(`made with ${key}`);
  }

  async answer(text: string): Promise<string> {
    await Promise.resolve();
    return `${text}? With pleasure.`;
  }

  close(): void {
    ModelClient.events.push(`closed ${this.#key}`);
  }
}

await using state = await StateManager.open({ store: memory() });
const session = new SessionContext<EntityHandle<'conversation'>>('conversation');
const clients = new ClientRegistry<ModelClient>({
  create: (_id, key) => Promise.resolve(new ModelClient(key)),
  close: (client) => client.close(),
});

/** A tool: nobody tells it whose turn this is. */
async function say(text: string, key: string): Promise<void> {
  const conversation = session.get();
  const line = await clients.use(conversation.id, key, (client) => client.answer(text));
  const chat = await conversation.get(Chat);
  await chat.update((draft) => void draft.lines.push(line));
}

const [anna, ben] = [state.conversation('anna'), state.conversation('ben')];
await Promise.all([
  session.run(anna, () => Promise.all([say('A beer', 'key-of-anna'), say('A gin', 'key-of-anna')])),
  session.run(ben, () => say('A water', 'key-of-ben')),
]);
assert.equal((await anna.get(Chat)).current.lines.length, 2);
assert.deepEqual((await ben.get(Chat)).current.lines, ['A water? With pleasure.']);
assert.deepEqual(ModelClient.events.toSorted(), ['made with key-of-anna', 'made with key-of-ben']);
console.log('three calls at once, two clients:', ModelClient.events.join(', '));

assert.throws(() => session.get(), { code: 'NOT_FOUND' });
console.log('outside of a turn there is no session, and the error says so');

// Anna gives another key while her last call is still going on.
const lastWithOldKey = clients.use('anna', 'key-of-anna', (client) => client.answer('One more'));
await session.run(anna, () => say('A martini', 'new-key-of-anna'));
await lastWithOldKey;
await clients.closeAll();
assert.deepEqual(ModelClient.events.slice(2).toSorted(), [
  'closed key-of-anna',
  'closed key-of-ben',
  'closed new-key-of-anna',
  'made with new-key-of-anna',
]);
assert.equal(clients.size, 0);
console.log('every client was closed once, after its last user');
