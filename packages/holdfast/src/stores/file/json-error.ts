const SPACE = /[ \t\n\r]*/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** Where a text stops being JSON, in characters. Only asked about a text that is known not to be: JSON.parse does not always tell. */
export function jsonErrorOffset(text: string): number {
  const closers: string[] = [];
  let at = 0;
  let wants: 'value' | 'value or end' | 'key' | 'key or end' | 'separator' = 'value';
  for (;;) {
    at = skip(SPACE, text, at);
    const character = text[at];
    if (character === undefined) return at;
    const closer = closers.at(-1);
    if (wants === 'separator') {
      if (character === closer) closers.pop();
      else if (character === ',' && closer !== undefined) wants = closer === '}' ? 'key' : 'value';
      else return at;
      at += 1;
      continue;
    }
    if (wants.endsWith('end') && character === closer) {
      closers.pop();
      wants = 'separator';
      at += 1;
    } else if (wants.startsWith('key')) {
      const end = character === '"' ? stringEnd(text, at) : undefined;
      if (end === undefined) return at;
      at = skip(SPACE, text, end);
      if (text[at] !== ':') return at;
      at += 1;
      wants = 'value';
    } else if (character === '{' || character === '[') {
      closers.push(character === '{' ? '}' : ']');
      wants = character === '{' ? 'key or end' : 'value or end';
      at += 1;
    } else {
      const end = character === '"' ? stringEnd(text, at) : skip(SCALAR, text, at);
      if (end === undefined || end === at) return at;
      at = end;
      wants = 'separator';
    }
  }
}

/** Behind the string that begins here; undefined when it never ends, or has something in it that no string may have. */
function stringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '"') return at + 1;
    if (character < ' ') return undefined;
    if (character !== '\\') continue;
    const end = skip(ESCAPE, text, at);
    if (end === at) return undefined;
    at = end - 1;
  }
  return undefined;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
