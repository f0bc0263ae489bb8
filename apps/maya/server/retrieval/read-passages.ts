import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A piece of what the bar knows: a section of one of its Markdown files. */
export interface Passage {
  readonly title: string;
  readonly text: string;
}

/** Every section, from `## ` to the next heading, of the Markdown files of a directory, in the order of their names. Rejects when it is not there. */
export async function readPassages(directory: string): Promise<readonly Passage[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.md')).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  return texts.flatMap(sectionsOf);
}

function sectionsOf(markdown: string): readonly Passage[] {
  return markdown
    .split(/^(?=#{1,2} )/m)
    .filter((section) => section.startsWith('## '))
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      return { title: heading.slice(3).trim(), text: lines.join(' ').replaceAll(/\s+/g, ' ').trim() };
    })
    .filter(({ text }) => text !== '');
}
