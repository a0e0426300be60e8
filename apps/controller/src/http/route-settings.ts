/**
 * What a route says about itself: who may call it, how its body is read, what it answers. Read by the gate, the body reader, the
 * idempotency hooks and the API description; nothing is said twice.
 */
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Owned } from '../auth/ownership.js';

export interface RouteSettings {
  /** Least scope of the key; `public` needs none. */
  readonly access: 'public' | 'program' | 'agent' | 'user' | 'admin';
  /** Also for an agent that is about to join, by its unused token; there is no caller then. */
  readonly admitsJoinTokens?: boolean;
  readonly summary: string;
  /** The answer's shape; absent for answers that are not JSON (then `produces` says what). */
  readonly answer?: z.ZodType;
  readonly status?: number;
  readonly produces?: string;
  /** Errors in the form of GraphQL, which W&B's clients read and show. */
  readonly graphqlErrors?: boolean;
  /** Keeps 16 and 16.0 apart in the body: for bodies that carry params. */
  readonly exactNumbers?: boolean;
  /** What its `:id` names: only who owns that may call. */
  readonly changes?: Owned;
  /** Brings lines of the run that its path names by `:entity`, `:project` and `:run`: counted for these too. */
  readonly streamsRun?: boolean;
  /** Honours `Idempotency-Key`. */
  readonly creates?: boolean;
}

/** Where the framework's adapter looks for a route's `config`. */
const metadataKey = '__fastify_route_config__';

/** Put on every handler. */
export function Route(settings: Omit<RouteSettings, 'access'> & Partial<Pick<RouteSettings, 'access'>>): MethodDecorator {
  return (_target, _name, descriptor) => {
    const complete: RouteSettings = { access: 'user', ...settings };
    Reflect.defineMetadata(metadataKey, { sweep: complete }, descriptor.value as object);
  };
}

export function settingsOf(request: FastifyRequest): RouteSettings {
  // A request that met no route has none.
  return (request.routeOptions?.config as { sweep?: RouteSettings } | undefined)?.sweep ?? { access: 'user', summary: '' };
}

export function settingsOfHandler(handler: object): RouteSettings | undefined {
  return (Reflect.getMetadata(metadataKey, handler) as { sweep?: RouteSettings } | undefined)?.sweep;
}
