/**
 * The one place where errors become GraphQL answers, from the class of the error and never from its text.
 *
 * The client shows the message of a 4xx word for word and does not try again; 429 and 503 it does try again. Errors that are not ours
 * are thrown on: the transport logs them.
 */
import { Bug, SweepError, TooMany } from '@sweep/domain';
import { writeJson } from '../json/json-text.js';

export interface GraphqlAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
  readonly retryAfterSeconds?: number;
}

const statusOf: Readonly<Record<string, number>> = {
  invalid: 400,
  'sweep-file-refused': 400,
  'not-found': 404,
  conflict: 409,
  'stale-lease': 409,
  unauthenticated: 401,
  forbidden: 403,
  'too-many': 429,
  'too-large': 413,
  unavailable: 503,
  incompatible: 400,
  'sampler-failed': 422,
};

/** @throws the error itself when it is no refusal but a mistake of ours. */
export function answerOfError(error: unknown): GraphqlAnswer {
  const status = error instanceof SweepError && !(error instanceof Bug) ? statusOf[error.code] : undefined;
  if (status === undefined) throw error;
  const answer = { status, body: writeJson({ errors: [{ message: (error as SweepError).message }] }) };
  return error instanceof TooMany ? { ...answer, retryAfterSeconds: error.retryAfterSeconds } : answer;
}
