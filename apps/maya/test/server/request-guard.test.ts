import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenBar } from '../support/open-bar.ts';

let bar: OpenBar;

beforeAll(async () => {
  bar = await OpenBar.open({ allowedHosts: ['bar.example'] });
});
afterAll(() => bar[Symbol.asyncDispose]());

/** A request as it arrives, with whatever headers. */
function arrive(path: string, headers: Record<string, string>, method = 'GET'): Promise<Response> {
  return Promise.resolve(bar.maya.app.request(`http://${headers['host'] ?? 'localhost'}${path}`, { method, headers }));
}

describe('the host of a request', () => {
  it.each(['localhost:8080', '127.0.0.1:8080', '[::1]:8080', '192.168.1.20', 'bar.example', 'LOCALHOST'])('may be %s', async (host) => {
    expect((await arrive('/healthz', { host })).status).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', 'bar.example.evil.example'])('may not be %s, on any route', async (host) => {
    for (const path of ['/', '/healthz', '/api/session', '/pay/x']) expect((await arrive(path, { host })).status).toBe(403);
  });
});

describe('a write', () => {
  it.each([
    [{ origin: 'http://localhost' }, 401],
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://localhost' }, 401],
    [{ origin: 'null', 'sec-fetch-site': 'same-origin' }, 401],
    [{}, 401],
    [{ origin: 'http://evil.example' }, 403],
    [{ origin: 'http://localhost:9999' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://localhost', 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
  ])('with %j is answered with %i', async (headers, status) => {
    expect((await arrive('/api/pay', { host: 'localhost', ...headers }, 'POST')).status).toBe(status);
  });

  it('to the payment page from another site confirms nothing', async () => {
    const guest = bar.visitor();
    await guest.say('a martini please');
    await guest.post('/api/pay');
    const { link } = (await guest.session()).payment;

    const response = await arrive(`${link}/confirm`, { host: 'localhost', origin: 'http://evil.example' }, 'POST');

    expect(response.status).toBe(403);
    expect((await guest.session()).payment.status).toBe('processing');
  });
});

describe('every answer', () => {
  it.each(['/healthz', '/api/session', '/api/nothing', '/nothing', '/pay/none'])('of %s carries the security headers', async (path) => {
    const { headers } = await arrive(path, { host: 'localhost' });
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe(path.startsWith('/pay') ? 'same-origin' : 'no-referrer');
  });
});

describe('the payment page', () => {
  it('says what is paid and that it is simulated, holds no script, and shows the outcome', async () => {
    const guest = bar.visitor();
    await guest.say('a martini please');
    await guest.post('/api/pay');
    const link = (await guest.session()).payment.link!;

    const open = await (await bar.visitor().request(link)).text();
    expect(open).toContain('$13.00');
    expect(open).toContain('no real money moves');
    expect(open).toMatch(/<form method="post" action="\/pay\/[\w-]{22}\/confirm">/);
    expect(open).not.toMatch(/<script|style=|<style|\son\w+=/);
    await bar.visitor().post(`${link}/confirm`);

    const paid = await (await bar.visitor().request(link)).text();
    expect(paid).toContain('Paid. Thank you!');
    expect(paid).not.toContain('<form');
    expect((await bar.visitor().request('/pay/style.css')).headers.get('content-type')).toContain('text/css');
  });

  it('of a payment that there is none of is not found', async () => {
    expect((await bar.visitor().request('/pay/AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(404);
    expect((await bar.visitor().post('/pay/AAAAAAAAAAAAAAAAAAAAAA/confirm')).status).toBe(404);
  });
});
