import { describe, expect, it } from 'vitest';
import { createEventParser, readEvents, type ServerSentEvent } from '../../web/src/chat/server-sent-events.ts';

const parse = (...pieces: readonly string[]): readonly ServerSentEvent[] => {
  const parser = createEventParser();
  return pieces.flatMap((piece) => parser(piece));
};

const body = (bytes: readonly Uint8Array[], onCancel?: () => void): ReadableStream<Uint8Array> => {
  const rest = [...bytes];
  return new ReadableStream({
    pull: (controller) => {
      const next = rest.shift();
      if (next) controller.enqueue(next);
      else controller.close();
    },
    cancel: () => onCancel?.(),
  });
};

const readAll = async (stream: ReadableStream<Uint8Array>): Promise<readonly ServerSentEvent[]> => {
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(stream)) events.push(event);
  return events;
};

describe('an event stream', () => {
  it('gives an event with its name and data at the empty line', () => {
    expect(parse('event: text\ndata: {"delta":"Hi"}\n\n')).toEqual([{ event: 'text', data: '{"delta":"Hi"}' }]);
  });

  it('calls an event without a name "message", also after one with a name', () => {
    expect(parse('event: tool\ndata: 1\n\ndata: 2\n\n').map(({ event }) => event)).toEqual(['tool', 'message']);
  });

  it.each(['\n', '\r\n', '\r'])('reads the same cut at every place, with lines ended by %j', (lineEnd) => {
    const stream = [': hello', 'event: text', 'data: one', 'data: two', '', 'data:three', '', ''].join(lineEnd);
    const expected = [
      { event: 'text', data: 'one\ntwo' },
      { event: 'message', data: 'three' },
    ];
    for (let cut = 0; cut <= stream.length; cut += 1) expect(parse(stream.slice(0, cut), stream.slice(cut))).toEqual(expected);
    expect(parse(...stream.split(''))).toEqual(expected);
  });

  it('takes an empty piece between CR and LF as no line end of its own', () => {
    expect(parse('data: a\r', '', '\ndata: b\r\n\r\n')).toEqual([{ event: 'message', data: 'a\nb' }]);
  });

  it('joins data lines, keeps empty ones, and takes off one leading space only', () => {
    expect(parse('data:  indented\ndata:\ndata: end\n\n')).toEqual([{ event: 'message', data: ' indented\n\nend' }]);
  });

  it('passes over comments, unknown fields, ids and events without data', () => {
    expect(parse(': ping\n\nid: 7\nretry: 10\nfoo: bar\nevent: text\n\ndata\n\n')).toEqual([{ event: 'message', data: '' }]);
  });

  it('keeps colons in the data', () => {
    expect(parse('data: {"a":"b: c"}\n\n')[0]?.data).toBe('{"a":"b: c"}');
  });

  it('never gives an event that the stream did not finish', () => {
    expect(parse('data: whole\n\ndata: half\n')).toHaveLength(1);
  });
});

describe('a response body', () => {
  it('is read rightly when a character is cut in two', async () => {
    const bytes = new TextEncoder().encode('data: crème 🍸\n\n');
    const events = await readAll(body(Array.from(bytes, (byte) => Uint8Array.of(byte))));
    expect(events).toEqual([{ event: 'message', data: 'crème 🍸' }]);
  });

  it('is given up when its reader leaves early', async () => {
    let isCancelled = false;
    const events = readEvents(body([new TextEncoder().encode('data: 1\n\ndata: 2\n\n'), new Uint8Array(1)], () => (isCancelled = true)));
    for await (const event of events) {
      expect(event.data).toBe('1');
      break;
    }
    expect(isCancelled).toBe(true);
  });

  it('tells its reader when it breaks off', async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('cut')) });
    await expect(readAll(broken)).rejects.toThrow('cut');
  });
});
