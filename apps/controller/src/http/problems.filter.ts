/**
 * The one place where errors become HTTP: RFC 9457 problem documents, from the class of the error and never from its text.
 *
 * What is not of our family may quote secrets or paths: it is logged with its stack, and the caller learns only that it happened.
 */
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type FindingView, finding, type Problem } from '@sweep/api';
import { Bug, type ErrorDetail, Invalid, SweepError, TooMany } from '@sweep/domain';
import type { Logger } from '@sweep/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { writeJson } from './json.js';
import { settingsOf } from './route-settings.js';

const statusOf: Readonly<Record<string, number>> = {
  invalid: 400,
  'sweep-file-refused': 422,
  'not-found': 404,
  conflict: 409,
  'stale-lease': 409,
  unauthenticated: 401,
  forbidden: 403,
  'too-many': 429,
  'too-large': 413,
  unavailable: 503,
  incompatible: 426,
  'sampler-failed': 422,
  bug: 500,
};

const titleOf: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Who are you?',
  403: 'Not allowed',
  404: 'Not found',
  405: 'No such method',
  409: 'The state has moved on',
  413: 'Too large',
  415: 'Unknown content type',
  422: 'Refused',
  426: 'Upgrade needed',
  429: 'Too many requests',
  500: 'The controller failed',
  503: 'Not available',
};

/** Codes that the mapping knows; a test holds the list to the domain's classes. */
export const mappedCodes: readonly string[] = Object.keys(statusOf);

export function problemOf(error: unknown): Problem {
  if (error instanceof Bug) return internalFailure;
  if (error instanceof SweepError) return problem(statusOf[error.code] ?? 500, error.code, error.message, error.details);
  const status = transportStatus(error);
  if (status === null) return internalFailure;
  const code = Object.entries(statusOf).find(([, mapped]) => mapped === status)?.[0] ?? 'invalid';
  return problem(status, code, (error as Error).message, []);
}

/** What the transport itself refuses: a body that is too large, an unknown content type or route, a malformed URL. */
function transportStatus(error: unknown): number | null {
  const status = error instanceof HttpException ? error.getStatus() : (error as { readonly statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

const internalFailure = problem(500, 'bug', 'The controller failed; its log says why. This is a mistake of ours: please report it.', []);

function problem(status: number, code: string, detail: string, details: readonly ErrorDetail[]): Problem {
  const findings = details.map((one) => finding.safeParse(one)).flatMap(({ data }) => (data === undefined ? [] : [data]));
  return {
    type: 'about:blank',
    title: titleOf[status] ?? 'The request failed',
    status,
    detail,
    code,
    ...(details.length === 0
      ? {}
      : { errors: details.map(({ path, message, line, column, code: own }) => ({ path, message, line, column, code: own })) }),
    ...(findings.length === 0 ? {} : { findings: findings as FindingView[] }),
  };
}

/** Sends an error as a problem document; also for what goes wrong before any route is known. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  const document = problemOf(error);
  if (document.status >= 500) log.error({ err: error, method: request.method, route: request.routeOptions?.url }, 'a request failed');
  // A stream that breaks in the middle cannot become a problem any more: the connection is cut instead.
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  if (error instanceof TooMany) reply.header('retry-after', String(Math.max(1, Math.ceil(error.retryAfterSeconds))));
  if (document.status === 503) reply.header('retry-after', '1');
  if (document.status === 401) reply.header('www-authenticate', 'Bearer realm="sweep"');
  if (settingsOf(request).graphqlErrors === true) {
    reply
      .code(document.status)
      .type('application/json')
      .serializer(String)
      .send(writeJson({ errors: [{ message: document.detail }] }));
    return;
  }
  // Already text, so that the answer's type is not overwritten.
  reply.code(document.status).type('application/problem+json').serializer(String).send(writeJson(document));
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.log);
  }
}

interface Issue {
  readonly message: string;
  /** Of a choice: what is allowed. */
  readonly values?: readonly unknown[] | undefined;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema found wrong with a body or a query, with the path of each. */
export function invalidRequest(issues: readonly Issue[]): Invalid {
  const details = issues.slice(0, 100).map(({ message, values, path = [] }) => ({
    path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    message: values === undefined ? message : `expected ${values.length === 1 ? '' : 'one of '}${values.map(String).join(', ')}`,
  }));
  const [first] = details;
  return new Invalid(
    first === undefined ? 'the request is not valid' : `${first.path === '' ? 'the request' : first.path}: ${first.message}`,
    details,
  );
}
