/**
 * The one gate of every HTTP route: nobody unknown passes, and nobody beyond the scope of the key.
 *
 * A hook on the server itself and not a guard of the framework: it stands before any body is read, and covers routes that are not
 * registered through the framework. A route that says nothing asks for scope `user`.
 */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Forbidden } from '@sweep/domain';
import type { Clock } from '@sweep/runtime';
import type { KeyScope } from '@sweep/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type RouteSettings, settingsOf } from '../http/route-settings.js';
import type { Authenticator } from './authenticate.js';
import type { Caller } from './caller.js';
import type { OpenCalls } from './open-calls.js';
import type { Ownership } from './ownership.js';
import type { Counted, RequestLimits } from './rate-limit.js';
import type { Sessions } from './sessions.js';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** Which keys open a route of each kind. Attempt keys open only those that training programs report by. */
const admitted: Readonly<Record<Exclude<RouteSettings['access'], 'public'>, readonly KeyScope[]>> = {
  program: ['attempt', 'user', 'admin'],
  agent: ['agent', 'user', 'admin'],
  user: ['user', 'admin'],
  admin: ['admin'],
};

export interface Gate {
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly ownership: Ownership;
  readonly openCalls: OpenCalls;
  /** Null: none. */
  readonly limits: RequestLimits | null;
  readonly clock: Clock;
}

export function guardRoutes(server: FastifyInstance, { authenticator, sessions, ownership, openCalls, limits, clock }: Gate): void {
  server.decorateRequest('caller', null);
  server.addHook('onRequest', async (request, reply) => {
    if (request.is404) return;
    const { access, admitsJoinTokens, changes } = settingsOf(request);
    if (access === 'public') return;
    const bearer = keyOf(request);
    if (admitsJoinTokens === true && (await authenticator.isJoinToken(bearer))) return;
    const session = bearer === null ? await sessions.find(request) : null;
    request.caller = session?.caller ?? (await authenticator.authenticate(bearer));
    limits?.take({ key: request.caller.key.id, stream: streamOf(request) }, clock.now());
    demand(request.caller, access);
    if (changes !== undefined) await ownership.demand(changes, (request.params as { readonly id: string }).id, request.caller);
    const { raw } = reply;
    // Whoever went away while the key was looked up: nothing would take the call out of the list again.
    if (raw.closed) return;
    raw.once(
      'close',
      openCalls.add(request.caller.key.id, () => raw.destroy()),
    );
  });
}

/** Which run's lines the request brings; null: none. */
function streamOf(request: FastifyRequest): Counted['stream'] {
  if (settingsOf(request).streamsRun !== true) return null;
  const { entity, project, run } = request.params as { readonly entity: string; readonly project: string; readonly run: string };
  return { project: `${entity}/${project}`, run };
}

function demand({ key, user }: Caller, access: Exclude<RouteSettings['access'], 'public'>): void {
  if (!admitted[access].includes(key.scope))
    throw new Forbidden(`a key of scope "${key.scope}" may not do this: it needs a key of scope "${access}"`);
  if (access === 'admin' && !user.admin) throw new Forbidden(`${user.name} is not an administrator`);
}

/** As Bearer, or as W&B's clients send it: Basic, for the user `api`. */
function keyOf({ headers }: FastifyRequest): string | null {
  const [, scheme = '', value = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  return /^api:(.+)$/s.exec(Buffer.from(value, 'base64').toString())?.[1] ?? null;
}

/** The proved caller of a guarded route. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (caller === null) throw new Forbidden('a public route has no caller');
  return caller;
});
