/** One event of a stream; `event` is "message" when the stream does not name it. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Makes a parser of an event stream that takes its text in pieces cut anywhere and gives back the events that became whole.
 * Lines end with LF, CRLF or CR; `id` and `retry` are passed over, since a turn is resumed by its own id.
 * An event that its stream does not finish is never given.
 */
export function createEventParser(): (piece: string) => ServerSentEvent[] {
  let rest = '';
  let endedWithCarriageReturn = false;
  let name = '';
  let data: string[] = [];

  return (piece) => {
    // The CR has ended the line already; the LF that follows it in the next piece belongs to the same line end.
    const text = endedWithCarriageReturn && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') endedWithCarriageReturn = piece.endsWith('\r');
    const lines = (rest + text).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? '';
    const events: ServerSentEvent[] = [];
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ event: name || 'message', data: data.join('\n') });
        name = '';
        data = [];
        continue;
      }
      const [field, value] = splitField(line);
      if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
    }
    return events;
  };
}

/** Reads the events of a response's body. Leaving the loop early gives up the rest of the stream. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parse = createEventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parse(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => undefined); // a stream that broke off cannot be cancelled and need not be
  }
}

/** A comment (":…") has the empty field name, which nobody reads; one space after the colon is not part of the value. */
function splitField(line: string): readonly [field: string, value: string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(' ') ? value.slice(1) : value];
}
