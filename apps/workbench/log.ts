import { pino, type DestinationStream, type Logger } from 'pino';

/** Tokens of Slack, Jira, GitLab and Google, and bearers, wherever in a line they stand. */
const SECRETS =
  /\bxox[abeoprs]-[\w-]+|\bxapp-[\w-]+|\bgl[a-z]{2,4}-[\w-]{10,}|\bAIza[\w-]{10,}|\bya29\.[\w-]+|\bATATT[\w=-]{10,}|\b(?:Bearer|Basic)\s+[\w.~+/=-]{8,}/g;

/** A text without the tokens in it. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRETS, '[redacted]');
}

/** JSON lines with tokens taken out; to standard error unless told otherwise, because standard output belongs to commands and to MCP. */
export function makeLog(level: string, destination: DestinationStream = pino.destination({ dest: 2, sync: true })): Logger {
  return pino({ level, base: null, hooks: { streamWrite: withoutSecrets } }, destination);
}
