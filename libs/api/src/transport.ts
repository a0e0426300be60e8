/**
 * One HTTP exchange: headers, the two answers that ask for another try (429, 503), and failures as domain errors.
 *
 * Owns the wire. Which routes there are, and what they carry, is in routes.ts and client.ts.
 */
import { errorOf, unreachable } from './problem.js';
import { pathOf, type Route } from './routes.js';
import type { Problem } from './schemas.js';

export interface ClientOptions {
  /** The controller's origin, e.g. `http://127.0.0.1:8420`. */
  readonly url: string;
  /** Sent as the bearer key; null for what is open to anyone. */
  readonly key: string | null;
  readonly fetch?: typeof fetch;
  /** Reads a JSON answer; a parser that tells 16 from 16.0 keeps the type of a parameter. */
  readonly parse?: (text: string) => unknown;
  /** Writes a JSON body; the twin of `parse`. */
  readonly stringify?: (value: unknown) => string;
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;

export interface Call {
  readonly components?: Readonly<Record<string, string>>;
  readonly query?: Query;
  /** JSON, unless `type` says otherwise. */
  readonly body?: unknown;
  /** Content type of a body that is sent as it is: text or bytes. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Transport {
  readonly url: string;
  /** The answer, with a status below 400. */
  send(route: Route, call?: Call): Promise<Response>;
  json<T>(route: Route, call?: Call): Promise<T>;
  parse(text: string): unknown;
}

const mostTries = 5;
/** All waits of one call together. */
const mostWaitMs = 30_000;

export function createTransport(options: ClientOptions): Transport {
  const origin = options.url.replace(/\/+$/, '');
  const request = options.fetch ?? fetch;
  const parse = options.parse ?? ((text: string): unknown => JSON.parse(text));
  const stringify = options.stringify ?? ((value: unknown): string => JSON.stringify(value));

  const exchange = async (url: string, init: RequestInit): Promise<Response> => {
    try {
      return await request(url, init);
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      throw unreachable(origin, cause);
    }
  };

  const send = async (route: Route, call: Call = {}): Promise<Response> => {
    const url = `${origin}${pathOf(route, call.components)}${queryText(call.query)}`;
    const init = initOf(route, call, options.key, stringify);
    let waitedMs = 0;
    for (let attempt = 1; ; attempt++) {
      const response = await exchange(url, init);
      if (response.status < 400) return response;
      // Both statuses say that nothing was done, so any method may be sent again.
      const waitMs = response.status === 429 || response.status === 503 ? retryAfterMs(response) : null;
      if (waitMs === null || attempt === mostTries || waitedMs + waitMs > mostWaitMs) throw await refusalOf(response, url);
      await response.body?.cancel();
      await pause(waitMs, call.signal);
      waitedMs += waitMs;
    }
  };

  return {
    url: origin,
    send,
    parse,
    json: async <T>(route: Route, call?: Call): Promise<T> => {
      const response = await send(route, call);
      const text = await textOf(response, origin);
      return (text === '' ? undefined : parse(text)) as T;
    },
  };
}

function initOf(route: Route, call: Call, key: string | null, stringify: (value: unknown) => string): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json', ...call.headers };
  if (key !== null) headers['authorization'] = `Bearer ${key}`;
  if (route.creates === true) headers['idempotency-key'] = randomKey();
  const init: RequestInit = { method: route.method, headers, ...(call.signal === undefined ? {} : { signal: call.signal }) };
  if (call.body === undefined) return init;
  headers['content-type'] = call.type ?? 'application/json';
  return { ...init, body: call.type === undefined ? stringify(call.body) : (call.body as string | Uint8Array<ArrayBuffer>) };
}

/** Not `randomUUID`: browsers have that over https only. */
const randomKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

function queryText(query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    const text = Array.isArray(value) ? value.join(',') : String(value);
    if (text !== '') search.set(name, text);
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** Null when the answer names no time: then the caller is told at once. */
function retryAfterMs(response: Response): number | null {
  const text = response.headers.get('retry-after');
  if (text === null) return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const until = Date.parse(text);
  return Number.isNaN(until) ? null : Math.max(0, until - Date.now());
}

async function refusalOf(response: Response, url: string): Promise<Error> {
  const text = await textOf(response, url);
  const waitMs = retryAfterMs(response);
  return errorOf({
    status: response.status,
    problem: problemIn(response, text),
    retryAfterSeconds: waitMs === null ? null : waitMs / 1000,
    url,
  });
}

function problemIn(response: Response, text: string): Problem | null {
  if (!/^application\/(problem\+)?json\b/.test(response.headers.get('content-type') ?? '')) return null;
  try {
    return JSON.parse(text) as Problem;
  } catch {
    // Cut off or not ours: the status alone decides then.
    return null;
  }
}

async function textOf(response: Response, url: string): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

/** Ends early, without error, when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
