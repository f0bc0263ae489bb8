import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { RequestRefusal } from './contract-errors.ts';

/** Everything comes from this server, and nothing stands in the page itself. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  ...[
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "media-src 'self' blob:",
    "manifest-src 'self'",
  ],
  ...["base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"],
].join('; ');

/** Puts the security headers on every answer; a route may set its own referrer policy. */
export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    c.res.headers.set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    c.res.headers.set('X-Content-Type-Options', 'nosniff');
    c.res.headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    c.res.headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    if (!c.res.headers.has('Referrer-Policy')) c.res.headers.set('Referrer-Policy', 'no-referrer');
  };
}

/**
 * Refuses requests under a foreign host name, which is how a page elsewhere reaches a local server by DNS rebinding, and writes that come
 * from another origin. Names of this machine and bare addresses are always ours.
 */
export function requestGuard(allowedHosts: readonly string[]): MiddlewareHandler {
  const allowed = new Set(['localhost', ...allowedHosts.map((host) => host.toLowerCase())]);
  return async (c, next) => {
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    const name = hostName(host);
    if (name === undefined || (isIP(name) === 0 && !allowed.has(name)))
      throw new RequestRefusal(403, 'BAD_REQUEST', 'This host name is not one of this server’s.');
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (!isRead && !isSameOrigin(host, c.req.header('origin'), c.req.header('sec-fetch-site'))) {
      throw new RequestRefusal(403, 'BAD_REQUEST', 'This was sent from another site, so it was not done.');
    }
    await next();
  };
}

/** Browsers say with every write where it comes from; a program that is no browser says neither and is nobody's accomplice. */
function isSameOrigin(host: string, origin: string | undefined, fetchSite: string | undefined): boolean {
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') return false;
  if (origin === undefined) return true;
  if (origin === 'null') return fetchSite === 'same-origin';
  return URL.canParse(origin) && new URL(origin).host === host;
}

function hostName(host: string): string | undefined {
  if (!URL.canParse(`http://${host}`)) return undefined;
  return new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, '$1');
}
