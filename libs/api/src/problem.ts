/**
 * Problem documents (RFC 9457) back into the errors of the domain, and a failed connection into `Unavailable`.
 *
 * Owns the client's half of the mapping; the controller's half is its HTTP error filter. The document's `code` decides, and the
 * status only where an answer is not ours (a proxy's page, say).
 */
import {
  Bug,
  Conflict,
  type ErrorDetail,
  Forbidden,
  Incompatible,
  Invalid,
  NotFound,
  SamplerFailed,
  StaleLease,
  SweepError,
  SweepFileRefused,
  TooLarge,
  TooMany,
  Unauthenticated,
  Unavailable,
} from '@sweep/domain';
import type { Problem } from './schemas.js';

/** What is known of an answer with a status of 400 and above. */
export interface Refusal {
  readonly status: number;
  readonly problem: Problem | null;
  readonly retryAfterSeconds: number | null;
  readonly url: string;
}

type Make = (message: string, details: readonly ErrorDetail[], refusal: Refusal) => SweepError;

const makers: Readonly<Record<string, Make>> = {
  invalid: (message, details) => new Invalid(message, details),
  'sweep-file-refused': (message, details) => new SweepFileRefused(message, details),
  'not-found': (message, details) => new NotFound(message, details),
  conflict: (message, details) => new Conflict(message, details),
  'stale-lease': (message, details) => new StaleLease(message, details),
  unauthenticated: (message, details) => new Unauthenticated(message, details),
  forbidden: (message, details) => new Forbidden(message, details),
  'too-many': (message, _details, { retryAfterSeconds }) => new TooMany(message, retryAfterSeconds ?? 1),
  'too-large': (message, details) => new TooLarge(message, details),
  unavailable: (message, details) => new Unavailable(message, details),
  incompatible: (message, details) => new Incompatible(message, details),
  'sampler-failed': (message, details) => new SamplerFailed(message, details),
  bug: (message, details) => new Bug(message, details),
};

const codeOfStatus: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  412: 'conflict',
  413: 'too-large',
  422: 'invalid',
  426: 'incompatible',
  429: 'too-many',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

export function errorOf(refusal: Refusal): SweepError {
  const { problem, status, url } = refusal;
  const make = makers[problem?.code ?? ''] ?? makers[codeOfStatus[status] ?? (status < 500 ? 'invalid' : 'bug')]!;
  const message = problem?.detail || problem?.title || `${url} answered with status ${status}; is this the address of a controller?`;
  return make(message, detailsOf(problem), refusal);
}

function detailsOf(problem: Problem | null): readonly ErrorDetail[] {
  const entries = problem?.errors ?? problem?.findings ?? [];
  return entries.map(({ path, message, line, column, code }) => ({
    message,
    ...(path === undefined ? {} : { path }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(code === undefined ? {} : { code }),
  }));
}

/** The connection failed, so nobody answered. */
export function unreachable(url: string, cause: unknown): Unavailable {
  const why = reasonOf(cause);
  const error = new Unavailable(
    `cannot reach the controller at ${url}${why === '' ? '' : ` (${why})`}: start one with \`sweep up\`, or name another with --url or SWEEP_URL`,
  );
  error.cause = cause;
  return error;
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = (inner as { readonly code?: unknown } | null)?.code;
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name is not known';
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'the connection broke';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'nobody vouches for its certificate; if it made that itself, give the fingerprint that it printed, by --fingerprint or SWEEP_FINGERPRINT; if an authority of your own did, name it with --ca-file or SWEEP_CA_FILE';
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'no answer in time';
    default:
      return inner instanceof Error ? inner.message : '';
  }
}
