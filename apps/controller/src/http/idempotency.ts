/**
 * `Idempotency-Key`: a creating call that is sent again within ten minutes gets the first answer and makes nothing.
 *
 * Kept in this process and bounded: another controller on the same database does not know the key. Failures are not kept, so that a
 * call that failed may be tried again.
 */
import { createHash } from 'node:crypto';
import { Conflict, Invalid } from '@sweep/domain';
import type { Clock } from '@sweep/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { writeJson } from './json.js';
import { settingsOf } from './route-settings.js';

interface Entry {
  readonly fingerprint: string;
  readonly until: number;
  answer: { readonly status: number; readonly payload: string; readonly location: string | undefined } | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while this request is the first with its idempotency key. */
    firstOf: string | null;
  }
}

const keptMs = 10 * 60_000;
const mostEntries = 10_000;
const mostPayload = 1024 * 1024;

export function honourIdempotencyKeys(server: FastifyInstance, clock: Clock): void {
  const entries = new Map<string, Entry>();
  server.decorateRequest('firstOf', null);

  server.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null) return;
    forgetOld(entries, clock.now());
    const known = entries.get(key);
    const fingerprint = fingerprintOf(request);
    if (known === undefined) {
      entries.set(key, { fingerprint, until: clock.now() + keptMs, answer: null });
      request.firstOf = key;
      return;
    }
    if (known.fingerprint !== fingerprint) throw new Invalid('this Idempotency-Key was sent before with another request: use a new one');
    if (known.answer === null) throw new Conflict('the first request with this Idempotency-Key is still being worked on');
    return repeat(reply, known.answer);
  });

  server.addHook('onSend', async (request, reply, payload) => {
    const entry = request.firstOf === null ? undefined : entries.get(request.firstOf);
    if (entry === undefined || reply.statusCode >= 300 || typeof payload !== 'string' || payload.length > mostPayload) return payload;
    entry.answer = { status: reply.statusCode, payload, location: reply.getHeader('location')?.toString() };
    return payload;
  });

  server.addHook('onResponse', async (request) => {
    if (request.firstOf !== null && entries.get(request.firstOf)?.answer === null) entries.delete(request.firstOf);
  });
}

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || settingsOf(request).creates !== true) return null;
  if (key.length > 255) throw new Invalid('an Idempotency-Key has at most 255 characters');
  return JSON.stringify([request.caller?.user.id, key]);
}

function fingerprintOf(request: FastifyRequest): string {
  return createHash('sha256')
    .update(`${request.method} ${request.url}\n${writeJson(request.body)}`)
    .digest('hex');
}

function repeat(reply: FastifyReply, { status, payload, location }: NonNullable<Entry['answer']>): FastifyReply {
  if (location !== undefined) reply.header('location', location);
  return reply.code(status).type('application/json; charset=utf-8').serializer(String).send(payload);
}

/** Insertion order is age. */
function forgetOld(entries: Map<string, Entry>, now: number): void {
  for (const [key, { until }] of entries) {
    if (until > now && entries.size < mostEntries) return;
    entries.delete(key);
  }
}
