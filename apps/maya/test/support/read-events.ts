/** A server-sent event as it came. */
export interface ReceivedEvent {
  readonly name: string;
  readonly data: unknown;
}

/** Reads server-sent events from a response's body as they come. */
export async function* readEvents(response: Response): AsyncGenerator<ReceivedEvent, void, undefined> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const name = lines.find((line) => line.startsWith('event: '))?.slice(7);
      const data = lines.find((line) => line.startsWith('data: '))?.slice(6);
      if (name !== undefined && data !== undefined) yield { name, data: JSON.parse(data) as unknown };
    }
  }
}
