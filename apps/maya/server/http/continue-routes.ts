import { Hono } from 'hono';
import { html } from 'hono/html';
import { Invitations } from '../session/invitations.ts';
import { admitMessage } from './admission.ts';
import type { ContinueAnswer } from './contract.ts';
import type { MayaContext } from './maya-context.ts';
import { operation } from './operation.ts';
import { giveSession, requireSession } from './session-cookie.ts';

/**
 * `POST /api/session/link` and `/continue/:token`: a session is continued on another device. To look at the link changes nothing, so that a messenger
 * which shows where it leads does not use it up; its button does, once.
 */
export function continueRoutes(context: MayaContext): Hono {
  const { bar, sessions, publicUrl } = context;
  const invitations = new Invitations(bar.state);
  const routes = new Hono();

  const link = operation({
    id: 'linkDevice',
    summary: 'Makes a link by which another device comes to this session: once, and for ten minutes.',
    session: 'needed',
    answers: { 200: { description: 'The link; relative where the bar has no public address.', schema: 'ContinueAnswer' } },
  });
  routes.post('/api/session/link', link, async (c) => {
    const session = await requireSession(c, sessions);
    await admitMessage(context, session);
    const { token, expiresAt } = await invitations.make(session);
    const path = `/continue/${token}`;
    return c.json<ContinueAnswer>({ link: publicUrl === undefined ? path : new URL(path, publicUrl).href, expiresAt });
  });

  routes.use('/continue/*', async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
    // With no-referrer the form would be sent without its origin, which the guard asks for.
    c.header('Referrer-Policy', 'same-origin');
  });
  const show = operation({
    id: 'showLink',
    summary: 'The page of a link to a session.',
    answers: { 200: { description: 'The page; it does not tell whether the link is still good.', mediaType: 'text/html' } },
  });
  routes.get('/continue/:token', show, (c) => c.html(page('Continue here?', CONTINUE)));
  const take = operation({
    id: 'continueSession',
    summary: 'The page’s button: gives this browser the session, and uses the link up.',
    answers: {
      303: { description: 'To the bar, with the cookie of the session.' },
      410: { description: 'The link was used, or is too old.', mediaType: 'text/html' },
    },
  });
  routes.post('/continue/:token', take, async (c) => {
    const session = await sessions.find(await invitations.take(c.req.param('token')));
    if (typeof session === 'string') return c.html(page('This link is no longer good', GONE), 410);
    giveSession(c, session, sessions);
    return c.redirect('/', 303);
  });
  return routes;
}

type Html = ReturnType<typeof html>;

const CONTINUE = html`<p>
    Your conversation, order and tab go on in this browser, and on the other device too. What is in this browser now is left.
  </p>
  <form method="post"><button class="confirm" type="submit">Continue here</button></form>`;

const GONE = html`<p>It can be used once, within ten minutes. Make a new one on the other device.</p>
  <p><a href="/">To the bar</a></p>`;

function page(title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="stylesheet" href="/pay/style.css" />
      </head>
      <body>
        <main>
          <h1 class="title">${title}</h1>
          ${content}
        </main>
      </body>
    </html>`;
}
