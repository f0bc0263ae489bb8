import type { Logger } from 'pino';
import type { Menu } from '../menu/index.ts';
import type { SessionClients } from '../models/session-clients.ts';
import type { RunningTurn } from '../turn/running-turn.ts';
import { toSpokenText } from './spoken-text.ts';
import type { Voice } from './voice.ts';

export interface SpeechKit {
  readonly clients: SessionClients;
  readonly menu: Menu;
  readonly log: Logger;
}

/**
 * Says a turn's reply, sentence by sentence, while its text streams and after: it reads the turn's events and adds `sentence` and `audio` to
 * them, so the text never waits. Ends when all is said, with the first sentence that could not be said, or when the turn is stopped; never rejects.
 */
export async function speakTurn(kit: SpeechKit, turn: RunningTurn): Promise<void> {
  try {
    await kit.clients.useVoice(turn.session, (voice) => speakWith(kit, turn, voice));
  } catch (error) {
    if (!turn.stopped.aborted) kit.log.error({ err: error, turn: turn.id }, 'a turn could not be spoken');
  }
}

async function speakWith({ menu, log }: SpeechKit, { id, events, stopped, session }: RunningTurn, voice: Voice | undefined): Promise<void> {
  let index = 0;
  for await (const { name, data } of events.read(stopped)) {
    if (name === 'complete' || name === 'error') return;
    // A piece of text is a whole sentence, for that is how it was judged.
    const spoken = name === 'text' ? toSpokenText(data.delta, [menu.bar]) : '';
    if (spoken === '') continue;
    events.push({ name: 'sentence', data: { turnId: id, index, spoken, voice: voice ? 'cartesia' : 'browser' } });
    if (voice) {
      try {
        const wav = await voice.speak(spoken, stopped);
        events.push({ name: 'audio', data: { turnId: id, index, wav: Buffer.from(wav).toString('base64') } });
      } catch (error) {
        if (stopped.aborted) return;
        log.warn({ err: loggable(error), turn: id, session: session.id.slice(0, 6) }, 'a sentence could not be spoken');
        events.push({ name: 'audio', data: { turnId: id, index, wav: null } });
        return;
      }
    }
    index += 1;
  }
}

/** The SDK's errors carry the answer's headers and body, which belong in no log. */
function loggable(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  return { name, message, stack, ...('status' in error && { status: error.status }) };
}
