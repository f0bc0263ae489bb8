import { homedir } from 'node:os';

const MAX_URI = 4_096;

/**
 * The folder that a workspace's URI or path names, as comparable text: `file:///c%3A/Users/anna`, `C:\Users\anna` and `/C:/Users/anna/` are one, and so are
 * `file:///home/anna/my%20bar` and `/home/anna/my bar`. Windows' folders are in lower case, since it does not tell the cases apart. Undefined for what names none.
 */
export function folderOf(uri: string): string | undefined {
  if (uri.length > MAX_URI) return undefined;
  const [, scheme, authority = '', rest = ''] = /^([a-z][a-z\d+.-]+):\/\/([^/]*)(.*)$/is.exec(uri) ?? [];
  if (scheme === undefined) return uri.startsWith('\\\\') ? shareFolder(uri) : folderAt(uri);
  // Only what follows a scheme is percent-encoded: a folder may be called `100%25`.
  const path = decode(rest);
  // A share of Windows has its host there; other schemes say so on which machine the folder is.
  const isShare = scheme.toLowerCase() === 'file' && authority !== '' && authority !== 'localhost';
  return isShare ? shareFolder(`//${decode(authority)}${path}`) : folderAt(path);
}

/**
 * The project whose repository contains a workspace's folder: that of the longest path when repositories lie within one another. Paths are compared name by name, so
 * `/src/bar-2` is not in `/src/bar`.
 */
export function projectOfFolder(uri: string, repositories: Readonly<Record<string, string>>): string | undefined {
  const folder = folderOf(uri);
  if (folder === undefined) return undefined;
  const containing = Object.entries(repositories).flatMap(([name, path]) => {
    const root = folderOf(path.replace(/^~(?=$|[\\/])/, homedir()));
    return root !== undefined && (folder === root || folder.startsWith(root === '/' ? root : `${root}/`)) ? [{ name, root }] : [];
  });
  return containing.toSorted((a, b) => b.root.length - a.root.length)[0]?.name;
}

function folderAt(path: string): string | undefined {
  const drive = /^\/?([a-z]:)(?=[\\/]|$)/i.exec(path);
  if (!drive) return path.startsWith('/') ? `/${names(path).join('/')}` : undefined;
  const below = names(path.slice(drive[0].length).replaceAll('\\', '/'));
  return [drive[1] as string, ...below].join('/').toLowerCase();
}

function shareFolder(path: string): string {
  return `//${names(path.replaceAll('\\', '/')).join('/')}`.toLowerCase();
}

/** The names on the way, without those that lead nowhere. */
function names(path: string): readonly string[] {
  const way: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') way.pop();
    else if (name !== '' && name !== '.') way.push(name);
  }
  return way;
}

/** What is not encoded rightly is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
