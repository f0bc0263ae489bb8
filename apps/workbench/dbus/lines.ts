import type { Socket } from 'node:net';

/** Of one line, in bytes: an answer of 16 million characters, which may be quoted. */
export const MAX_LINE = 67_108_864;

/** Calls back with each line that comes; a line that is too long ends the connection. */
export function onLines(socket: Socket, maxBytes: number, onLine: (line: string) => void): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      parts.push(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      bytes = 0;
      if (line.length > maxBytes) return void socket.destroy();
      if (line.trim() !== '') onLine(line);
    }
    if (rest.length === 0) return;
    parts.push(rest);
    bytes += rest.length;
    if (bytes > maxBytes) socket.destroy();
  });
}
