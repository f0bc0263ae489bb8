import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { RequestRefusal } from './page-error.ts';

const TOKEN_BYTES = 32;

/**
 * Who may use the page: whoever has the address that the command printed. Other users of the machine reach the port as well, and other programs may run in the browser.
 * Both last as long as the process.
 */
export class Access {
  /** Stands in the printed address. */
  readonly token: string = randomBytes(TOKEN_BYTES).toString('base64url');
  /** Another text than the token, so that a cookie that is read somewhere is no address to pass on. */
  readonly #pass = createHmac('sha256', randomBytes(TOKEN_BYTES)).update(this.token).digest('base64url');

  /** Refuses whoever has no pass; gives one to who comes with the token. */
  guard(): MiddlewareHandler {
    return async (c, next) => {
      const token = c.req.query('token');
      if (c.req.path === '/' && token !== undefined && isSame(token, this.token)) return this.#admit(c);
      if (isSame(getCookie(c, cookieName(c)) ?? '', this.#pass)) return await next();
      const message = 'This page is open to nobody but who started it: open the address that `holdfast-workbench web` printed.';
      if (c.req.path.startsWith('/api/')) throw new RequestRefusal(401, 'NO_ACCESS', message);
      return c.text(message, 401);
    };
  }

  /** The page asks for itself again, without the token: a redirect would not send a strict cookie where another site led here. */
  #admit(c: Context): Response {
    setCookie(c, cookieName(c), this.#pass, { path: '/', httpOnly: true, sameSite: 'Strict' });
    c.header('Cache-Control', 'no-store');
    return c.html('<!doctype html><html lang="en"><meta http-equiv="refresh" content="0; url=/"><title>Holdfast Workbench</title></html>');
  }
}

/** Cookies know no ports: without its own in the name, one Workbench would end the access to another. */
function cookieName(c: Context): string {
  return `workbench_${new URL(`http://${c.req.header('host') ?? ''}`).port || '80'}`;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
