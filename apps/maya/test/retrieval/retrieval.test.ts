import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLog } from '../../server/log.ts';
import { Retrieval, type RetrievalOptions } from '../../server/retrieval/retrieval.ts';
import { OpenBar } from '../support/open-bar.ts';
import { ScriptedModel } from '../support/scripted-model.ts';

const OWN = fileURLToPath(new URL('../../bar', import.meta.url));
let directory: string;
let logged: string[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maya-bar-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function retrieval(options: Partial<RetrievalOptions> = {}): Retrieval {
  logged = [];
  return new Retrieval({ directory: OWN, log: makeLog('info', { write: (line) => void logged.push(line) }), ...options });
}

const titles = async (found: ReturnType<Retrieval['find']>): Promise<string[]> => (await found).map(({ title }) => title);

describe('what the bar knows', () => {
  it.each([
    ['Tell me about the piano', 'The piano'],
    ['why is it called like that, the name?', 'The name'],
    ['are dogs allowed here', 'Dogs'],
    ['is there a ghost?', 'The ghost'],
    ['When do you close on Sundays', 'Opening hours'],
    ['what happened in the storm', 'The night of the storm'],
    ['who is playing chess over there', 'The chess players'],
    ['can I smoke inside', 'Smoking'],
    ['I lost my umbrella', 'Lost and found'],
    ['qué tal el piano', 'The piano'],
  ])('about "%s" is found first under "%s"', async (question, title) => {
    expect((await titles(retrieval().find(question)))[0]).toBe(title);
  });

  it('comes as two passages at most, and none for words that are in no passage', async () => {
    expect(await retrieval().find('the piano, the ghost, the chess players and the storm')).toHaveLength(2);
    for (const question of ['how are you', 'xyzzy', '', '???', 'NOT OR AND', '"piano', 'こんにちは'])
      expect((await retrieval().find(question)).length, question).toBe(question === '"piano' ? 2 : 0);
  });

  it('is the sections of the Markdown files, without the headings above them', async () => {
    const own = join(directory, 'own');
    await mkdir(own);
    await writeFile(join(own, 'a.md'), '# Top\n\nIntroduction to zebras.\n\n## Zebras\n\nThey are\nstriped.\n\n## Empty\n');
    await writeFile(join(own, 'b.txt'), '## Zebras in text\n\nNot read.');
    expect(await retrieval({ directory: own }).find('zebras')).toEqual([{ title: 'Zebras', text: 'They are striped.' }]);
  });
});

const byOneWord = (texts: readonly string[]): Promise<number[][]> =>
  Promise.resolve(texts.map((text) => (/feline|Dogs/.test(text) ? [1, 0] : [0, 1])));

describe('an embedding', () => {
  it('finds by meaning what no word finds', async () => {
    expect(await titles(retrieval().find('feline'))).toEqual([]);
    expect((await titles(retrieval({ embed: byOneWord }).find('feline')))[0]).toBe('Dogs');
  });

  it('that fails or takes too long is done without, which the log tells', async () => {
    const failing = retrieval({ embed: () => Promise.reject(new Error('no embeddings today')) });
    expect(await failing.find('the piano')).toEqual([]);
    expect(logged.join()).toMatch(/retrieval was skipped|no embeddings today/);

    const slow = retrieval({ embed: () => new Promise(() => undefined) });
    expect(await slow.find('the piano')).toEqual([]);
    expect(logged.join()).toContain('Nothing was found within 300 ms.');
  });
});

describe('a casual turn', () => {
  it('is grounded: the passages stand in the prompt before the model answers', async () => {
    const model = new ScriptedModel(['Ah, the piano.']);
    await using bar = await OpenBar.open({ model });
    await bar.visitor().say('tell me about the piano');
    const [system] = model.asked[0]!.prompt;
    expect(system).toMatchObject({ content: expect.stringContaining('Known here: The piano: The piano by the window') as string });
  });

  it('gets an answer by the house model from what the bar knows', async () => {
    await using bar = await OpenBar.open();
    const { reply } = await bar.visitor().say('is there a ghost here?');
    expect(reply?.text).toContain('a ghost in the cellar');
  });

  it('goes on without when there is nothing to read', async () => {
    await using bar = await OpenBar.open({ knowledge: join(directory, 'not-there') });
    const { reply } = await bar.visitor().say('is there a ghost here?');
    expect(reply?.text).toBeTruthy();
    expect(bar.logged.join()).toContain('retrieval was skipped');
  });
});

describe('a turn about the bar’s business', () => {
  it('is not grounded', async () => {
    const model = new ScriptedModel(['Coming.']);
    await using bar = await OpenBar.open({ model });
    await bar.visitor().say('a martini please, and how is the piano');
    expect(model.asked[0]!.prompt[0]).toMatchObject({ content: expect.not.stringContaining('Known here:') as string });
  });
});
