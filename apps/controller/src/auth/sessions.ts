/**
 * Browsers that signed in with a key: the cookie that stands for the key, and when it may.
 *
 * The cookie holds a random secret of its own, stored hashed as keys are. Browsers send it along whatever page makes the request, so
 * what it may do depends on where the request comes from; a key in a header needs no such care, since no page of others can set it.
 */
import { fastifyCookie } from '@fastify/cookie';
import { Forbidden } from '@sweep/domain';
import type { Store } from '@sweep/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Authenticator } from './authenticate.js';
import { isOwnOrigin, onlyReads } from './browser.js';
import type { Caller } from './caller.js';

const cookieName = 'sweep_session';
const lastsMs = 14 * 24 * 3_600_000;

export interface SignedIn {
  readonly caller: Caller;
  readonly expiresAt: number;
}

/** Teaches the server to read and write cookies; before any route is guarded. */
export async function useCookies(server: FastifyInstance): Promise<void> {
  await server.register(fastifyCookie, { hook: false });
}

export class Sessions {
  constructor(private readonly parts: { readonly store: Store; readonly authenticator: Authenticator; readonly publicUrl: () => string }) {}

  /** @throws Unauthenticated for a wrong key; Forbidden for one that is not a person's */
  async signIn(request: FastifyRequest, secret: string): Promise<SignedIn & { readonly cookie: string }> {
    const { store, authenticator, publicUrl } = this.parts;
    const caller = await authenticator.authenticate(secret);
    const { id, scope, expiresAt: keyExpiresAt } = caller.key;
    if (scope !== 'user' && scope !== 'admin')
      throw new Forbidden(`a key of scope "${scope}" is for programs: sign in with a key of scope "user" or "admin"`);
    const now = await store.now();
    const expiresAt = Math.min(now + lastsMs, keyExpiresAt ?? Number.POSITIVE_INFINITY);
    const value = authenticator.newKey();
    await store.sessions.open({ hash: authenticator.hash(value), key: id, expiresAt });
    const cookie = cookieText(request, value, { maxAge: Math.floor((expiresAt - now) / 1000), secure: isTls(publicUrl()) });
    return { caller, expiresAt, cookie };
  }

  /** Null without a session that is good. @throws Forbidden where the cookie comes with a request that no page of ours makes */
  async find(request: FastifyRequest): Promise<SignedIn | null> {
    const value = cookieOf(request);
    if (value === null) return null;
    refuseOtherSites(request, this.parts.publicUrl());
    const found = await this.parts.store.sessions.authenticate(this.parts.authenticator.hash(value));
    return found === null ? null : { caller: { key: found.key, user: found.user }, expiresAt: found.expiresAt };
  }

  /** Answers the cookie that makes the browser forget. */
  async signOut(request: FastifyRequest): Promise<string> {
    const value = cookieOf(request);
    if (value !== null) await this.parts.store.sessions.close(this.parts.authenticator.hash(value));
    return cookieText(request, '', { maxAge: 0, secure: isTls(this.parts.publicUrl()) });
  }
}

const isTls = (url: string): boolean => url.startsWith('https:');

type Lasting = { readonly maxAge: number; readonly secure: boolean };

const cookieText = ({ server }: FastifyRequest, value: string, { maxAge, secure }: Lasting): string =>
  server.serializeCookie(cookieName, value, { httpOnly: true, sameSite: 'strict', path: '/', secure, maxAge });

function cookieOf({ server, headers }: FastifyRequest): string | null {
  const value = headers.cookie === undefined ? undefined : server.parseCookie(headers.cookie)[cookieName];
  return value === undefined || value === '' ? null : value;
}

/**
 * `SameSite` takes another port of this machine for the same site, and older browsers send no `Sec-Fetch-Site`: so a change needs
 * proof that a page of ours asks for it, and a reading no sign that another does.
 */
function refuseOtherSites({ method, headers }: FastifyRequest, publicUrl: string): void {
  const site = headers['sec-fetch-site'];
  const ours = site === undefined ? isOwnOrigin(headers, publicUrl) : site === 'same-origin';
  if (ours) return;
  // `none`: the person typed the address, or opened a bookmark.
  if (onlyReads(method) && (site === undefined || site === 'none')) return;
  throw new Forbidden('a signed-in browser may do this only from a page of this server: send an API key instead');
}
