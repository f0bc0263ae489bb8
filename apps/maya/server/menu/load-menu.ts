import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MenuSchema, type Menu } from './menu-schema.ts';

const DEFAULT_PATH = fileURLToPath(new URL('./menu.json', import.meta.url));

/**
 * Reads and checks the bar's menu, once, at start.
 *
 * @param path the menu's JSON file; the bar's own one by default
 * @throws {Error} that names the file and every reason when it cannot be read, is no JSON, or does not fit.
 */
export function loadMenu(path: string = DEFAULT_PATH): Menu {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`The menu ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return parseMenu(content, path);
}

/**
 * Checks a menu that was read elsewhere.
 *
 * @param source what to call it in the error message
 * @throws {Error} that names the source and every reason.
 */
export function parseMenu(content: unknown, source: string): Menu {
  const result = MenuSchema.safeParse(content);
  if (result.success) return result.data;
  const reasons = result.error.issues.map((issue) => `  ${issue.path.join('.') || 'menu'}: ${issue.message}`);
  throw new Error(`The menu ${source} does not fit:\n${reasons.join('\n')}`, { cause: result.error });
}
