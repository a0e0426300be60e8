/** What a failed query means for the caller: try again later, or a mistake of ours. Told apart by SQLSTATE and origin, never by text. */
import { Invalid, SweepError, Unavailable } from '@sweep/domain';
import { DrizzleQueryError } from 'drizzle-orm';
import pg from 'pg';

/** SQLSTATE classes: connection exception, insufficient resources, operator intervention (shutdown, statement timeout). */
const passing = ['08', '53', '57'];
const deadlock = '40P01';
const serializationFailure = '40001';
const lockNotAvailable = '55P03';
const idleInTransactionTimeout = '25P03';
const invalidPattern = '2201B';
/** A NUL in a text, or in a JSON document. */
const notStorable = ['22021', '22P05'];
const outOfRange = '22003';

function origin(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? error.cause : error;
}

/** The transaction was chosen as a victim and changed nothing: the same again may succeed. */
export function isVictim(error: unknown): boolean {
  const cause = origin(error);
  if (!(cause instanceof pg.DatabaseError)) return false;
  return cause.code === deadlock || cause.code === serializationFailure || isOutdatedPlan(cause);
}

/** A newer version of the program changed a table under a prepared statement: this connection cannot ask it any more. */
export function isOutdatedPlan(error: unknown): boolean {
  const cause = origin(error);
  return cause instanceof pg.DatabaseError && cause.code === '0A000' && cause.routine === 'RevalidateCachedQuery';
}

/** `Unavailable` for everything that passes by itself, `Invalid` for what a caller wrote; any other error as it is. */
export function mapped(error: unknown): unknown {
  const cause = origin(error);
  if (cause instanceof SweepError) return cause;
  if (cause instanceof pg.DatabaseError) {
    const code = cause.code ?? '';
    if (code === invalidPattern) return new Invalid(`the pattern of a search cannot be read: ${cause.message}`);
    if (notStorable.includes(code)) return new Invalid('a text holds a NUL, which the database cannot keep: leave it out');
    if (code === outOfRange) return new Invalid('a number is too large for what it stands for: give one below 2147483648');
    const passes = passing.includes(code.slice(0, 2)) || code === lockNotAvailable || code === idleInTransactionTimeout || isVictim(error);
    return passes ? unavailable(cause) : cause;
  }
  // The server answers with DatabaseError; whatever else a query throws comes from the connection.
  if (error instanceof DrizzleQueryError || isSystemError(cause)) return unavailable(cause);
  return error;
}

export function unavailable(cause: unknown): Unavailable {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const error = new Unavailable(`the database does not answer: ${detail}`);
  error.cause = cause;
  return error;
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
