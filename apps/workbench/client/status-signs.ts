/** A status is told by its shape and its word; colour only adds to them. */
export interface StatusSign {
  readonly shape: '●' | '▲' | '■' | '○' | '◐' | '◆';
  readonly tone: 'good' | 'warn' | 'bad' | 'idle' | 'busy' | 'ask';
  readonly word: string;
}

const good = (word: string): StatusSign => ({ shape: '●', tone: 'good', word });
const warn = (word: string): StatusSign => ({ shape: '▲', tone: 'warn', word });
const bad = (word: string): StatusSign => ({ shape: '■', tone: 'bad', word });
const idle = (word: string): StatusSign => ({ shape: '○', tone: 'idle', word });
const busy = (word: string): StatusSign => ({ shape: '◐', tone: 'busy', word });
const ask = (word: string): StatusSign => ({ shape: '◆', tone: 'ask', word });

const SIGNS: ReadonlyMap<string, StatusSign> = new Map([
  ['healthy', good('healthy')],
  ['degraded', warn('degraded')],
  ['unhealthy', bad('unhealthy')],
  ['stopped', idle('not running')],
  ['pending', ask('waits for you')],
  ['approved', good('approved')],
  ['rejected', idle('rejected')],
  ['in_progress', busy('in progress')],
  ['running', busy('running')],
  ['completed', good('completed')],
  ['success', good('succeeded')],
  ['succeeded', good('succeeded')],
  ['blocked', bad('blocked')],
  ['waiting', warn('waiting')],
  ['skipped', idle('skipped')],
  ['sent', good('sent')],
  ['failed', bad('failed')],
  ['error', bad('failed')],
  ['timeout', bad('took too long')],
  ['damaged', bad('damaged')],
  ['invalid', bad('does not fit')],
  ['unreadable', bad('cannot be read')],
  ['missing', warn('missing')],
  ['absent', idle('not there')],
  ['environment', warn('variable not set')],
  ['conflict', warn('conflict')],
  ['unknown', warn('kept aside')],
  ['deleted', warn('written again')],
  ['imported', good('imported')],
  ['refused', bad('no file')],
]);

/** The sign of a status; one that is not known is shown in its own word. */
export function signOf(status: string): StatusSign {
  return SIGNS.get(status) ?? idle(status.replaceAll('_', ' '));
}
