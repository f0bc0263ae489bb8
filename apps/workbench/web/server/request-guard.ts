import type { MiddlewareHandler } from 'hono';
import { RequestRefusal } from './page-error.ts';

/** All comes from this server, and nothing stands in the page itself. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const OWN_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    headers.set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Referrer-Policy', 'no-referrer');
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  };
}

/** Refuses requests under a name that is not this machine's own, as a page elsewhere makes them by rebinding its name, and what another site has sent. */
export function requestGuard(): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (!URL.canParse(`http://${host}`) || !OWN_NAMES.has(new URL(`http://${host}`).hostname))
      throw new RequestRefusal(403, 'NO_ACCESS', 'This server answers to 127.0.0.1 and localhost only.');
    const isData = c.req.path.startsWith('/api/');
    if (isData && !isFromHere(host, c.req.header('origin'), c.req.header('sec-fetch-site')))
      throw new RequestRefusal(403, 'NO_ACCESS', 'This was sent from another site, so it was not done.');
    await next();
  };
}

/** Browsers say where a request comes from; a program that is no browser says nothing, and has no visitor's cookie. */
function isFromHere(host: string, origin: string | undefined, site: string | undefined): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}
