/**
 * What keeps web pages of others from using this server through a visitor's browser: Host and Origin checks, and the headers that
 * tell the browser to be strict.
 *
 * A name that an attacker controls may resolve to 127.0.0.1 (DNS rebinding), so the names we answer to are a list. IP addresses
 * cannot be rebound; they are let in where others than this machine may call.
 */
import { isIP } from 'node:net';
import { Forbidden } from '@sweep/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export interface HostRules {
  /** Host names without port, lower case. */
  readonly names: readonly string[];
  readonly anyAddress: boolean;
}

const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];
const readingMethods = ['GET', 'HEAD', 'OPTIONS'];

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** @param publicUrl asked for each request: it is known only when the server listens */
export function guardAgainstPages(server: FastifyInstance, rules: HostRules, publicUrl: () => string): void {
  const names = new Set([...loopbackNames, ...rules.names]);
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(strictHeaders);
    checkHost(
      request,
      (name) => names.has(name) || new URL(publicUrl()).hostname === name || (rules.anyAddress && isIP(name.replace(/^\[|\]$/g, '')) !== 0),
    );
    checkOrigin(request, publicUrl());
  });
}

function checkHost(request: FastifyRequest, known: (name: string) => boolean): void {
  const host = request.headers.host ?? '';
  const name = /^(\[[0-9a-f:.]+\]|[^:]+)(:\d+)?$/i.exec(host)?.[1]?.toLowerCase();
  if (name === undefined || !known(name)) {
    throw new Forbidden(`this server does not answer to the name "${host}": set SWEEP_PUBLIC_URL to the address that people use`);
  }
}

/** Every method that is not known to only read, so that none is forgotten. Programs send no Origin. */
function checkOrigin({ method, headers }: FastifyRequest, publicUrl: string): void {
  if (headers.origin === undefined || onlyReads(method) || isOwnOrigin(headers, publicUrl)) return;
  throw new Forbidden(`a page of ${headers.origin} may not change anything here`);
}

export const onlyReads = (method: string): boolean => readingMethods.includes(method);

/** Whether the request says that it comes from a page of this server. */
export function isOwnOrigin({ origin, host }: FastifyRequest['headers'], publicUrl: string): boolean {
  return origin !== undefined && [`http://${host}`, `https://${host}`, new URL(publicUrl).origin].includes(origin);
}

export const strictPolicy =
  "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; img-src 'self' data: blob:; connect-src 'self'";

const strictHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': strictPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cache-control': 'no-store',
};
