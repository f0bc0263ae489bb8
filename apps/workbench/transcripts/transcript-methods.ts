import { z } from 'zod';
import { defineMethod, type Method } from '../methods/method.ts';
import { Segment, type Transcripts } from './transcripts.ts';

const Id = z.string().min(1).max(1_000).describe('The event id of the meeting');

/** What clients can call of transcripts; `open` gives them, or throws where the file cannot be used. */
export function transcriptMethods(open: () => Transcripts): readonly Method[] {
  return [
    defineMethod({
      name: 'list_transcripts',
      title: 'List transcripts',
      description: 'Lists the meetings of which there is a transcript, the latest first.',
      input: { limit: z.int().min(1).max(100).default(20) },
      hints: { readOnly: true },
      run: ({ limit }) => ({ meetings: open().list(limit) }),
    }),
    defineMethod({
      name: 'get_transcript',
      title: 'Read a transcript',
      description: 'Reads what was said in a meeting, a page at a time: give the number of the last piece to go on behind it.',
      input: { id: Id, after: z.int().min(0).default(0), limit: z.int().min(1).max(1_000).default(200) },
      hints: { readOnly: true },
      run: ({ id, after, limit }) => open().read(id, after, limit),
    }),
    defineMethod({
      name: 'search_transcripts',
      title: 'Search transcripts',
      description: 'Finds where words were said in any meeting: pieces that have all of them, the best match first.',
      input: { words: z.string().min(1).max(500), limit: z.int().min(1).max(100).default(20) },
      hints: { readOnly: true },
      run: ({ words, limit }) => ({ found: open().search(words, limit) }),
    }),
    defineMethod({
      name: 'begin_transcript',
      title: 'Begin a transcript',
      description: 'Begins the transcript of a meeting, or goes on with it: for what takes notes in meetings.',
      input: { id: Id, title: z.string().max(500) },
      hints: { readOnly: false, idempotent: true },
      run: ({ id, title }) => {
        open().begin(id, title);
        return open().read(id, 0, 0);
      },
    }),
    defineMethod({
      name: 'add_to_transcript',
      title: 'Add to a transcript',
      description: 'Adds what was said to the transcript of a meeting, all pieces or none.',
      input: { id: Id, segments: z.array(Segment).min(1).max(1_000) },
      hints: { readOnly: false },
      run: ({ id, segments }) => ({ segments: open().add(id, segments) }),
    }),
    defineMethod({
      name: 'end_transcript',
      title: 'End a transcript',
      description: 'Says that a meeting is over.',
      input: { id: Id },
      hints: { readOnly: false, idempotent: true },
      run: ({ id }) => {
        open().end(id);
        return open().read(id, 0, 0);
      },
    }),
  ];
}
