import { pino, type DestinationStream, type Logger } from 'pino';

/** Keys, tokens and the passwords of addresses, wherever in a line they stand. */
const SECRETS =
  /AIza[\w-]{10,}|\b(?:[sr]k_(?:live|test|car)|whsec)_\w+|\bBearer\s+[\w.~+/=-]+|(?<=\bpostgres(?:ql)?:\/\/)[^\s"]*@|\bpassword=[^\s"&]+/gi;

/** A session's id is as good as its cookie: the beginning is enough to tell sessions apart. */
const SESSION_IDS = /(conversation:[\w-]{6})[\w-]{16}/g;

/** The server's log, JSON lines with keys taken out and session ids shortened; to standard error unless told otherwise. */
export function makeLog(level: string, destination: DestinationStream = pino.destination({ dest: 2, sync: true })): Logger {
  return pino(
    { level, base: null, hooks: { streamWrite: (line) => line.replace(SECRETS, '[redacted]').replace(SESSION_IDS, '$1…') } },
    destination,
  );
}
