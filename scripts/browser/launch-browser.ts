import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

/** Nothing but the page under test uses the network, and root in a container may start it. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The fonts of the machine and those that come with the package; without any, pages show no text. */
const fontsIn = (directory: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${join(directory, 'fonts')}</dir>
  <cachedir>${join(directory, 'fonts-cache')}</cachedir>
</fontconfig>
`;

interface Program {
  readonly path: string;
  readonly env?: Record<string, string>;
}

/**
 * Starts a headless Chromium: the one that CHROMIUM_PATH names, else Debian's, else Playwright's own, else the one that comes with
 * `@sparticuz/chromium` (Linux on x64; unpacked once, 2 s). The caller closes it.
 */
export async function launchBrowser({ flags = [] }: { readonly flags?: readonly string[] } = {}): Promise<Browser> {
  const { path, env } = await findProgram();
  return await chromium.launch({
    executablePath: path,
    args: [...FLAGS, ...flags],
    ...(env && { env: { ...definedVariables(), ...env } }),
  });
}

async function findProgram(): Promise<Program> {
  const wanted = process.env['CHROMIUM_PATH'];
  if (wanted) {
    if (existsSync(wanted)) return { path: wanted };
    throw new Error(`CHROMIUM_PATH names ${wanted}, where there is no program.`);
  }
  const installed = ['/usr/bin/chromium', chromium.executablePath()];
  const found = installed.find((path) => existsSync(path));
  if (found) return { path: found };
  if (process.platform === 'linux' && process.arch === 'x64') return await carriedProgram();
  throw new Error(
    `No Chromium was found: CHROMIUM_PATH is not set, ${installed.join(' and ')} are not there, and @sparticuz/chromium ` +
      `has none for ${process.platform} ${process.arch}. Set CHROMIUM_PATH, or run: npx playwright-core install chromium`,
  );
}

/** The Chromium of the npm package, with the few libraries that a bare Debian lacks. */
async function carriedProgram(): Promise<Program> {
  const packageFile = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../package.json');
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string };
  const directory = join(import.meta.dirname, '../../node_modules/.cache', `chromium-${version}`);
  if (!existsSync(directory)) await unpackInto(directory);
  return {
    path: join(directory, 'chromium'),
    env: { LD_LIBRARY_PATH: join(directory, 'al2023/lib'), FONTCONFIG_FILE: join(directory, 'fonts.conf') },
  };
}

/** Several test files may do this at once: each unpacks for itself, and the first to finish gives the directory its name. */
async function unpackInto(directory: string): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  const fresh = await mkdtemp(`${directory}-`);
  // Named as it would be on the platform the package is made for, it unpacks its libraries too.
  const env = { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'unpack-chromium.ts')], { env });
  await writeFile(join(fresh, 'fonts.conf'), fontsIn(directory));
  try {
    await rename(fresh, directory);
  } catch (error) {
    await rm(fresh, { recursive: true });
    if (!existsSync(directory)) throw error;
  }
}

function definedVariables(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
