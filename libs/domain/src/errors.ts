/**
 * The closed family of errors, named by what the caller does next.
 *
 * Each transport maps them in one file: HTTP, gRPC, GraphQL. Nobody tells errors apart by their text.
 */

export interface ErrorDetail {
  /** Where in the input: a dotted path, a flag, a parameter name. */
  readonly path?: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  readonly code?: string;
}

export abstract class SweepError extends Error {
  /** Stable, machine-readable, kebab-case. */
  abstract readonly code: string;
  constructor(
    message: string,
    readonly details: readonly ErrorDetail[] = [],
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** Fix the request. */
export class Invalid extends SweepError {
  readonly code: string = 'invalid';
}
/** Fix the sweep file: the details carry its findings. */
export class SweepFileRefused extends Invalid {
  override readonly code = 'sweep-file-refused';
}
/** There is no such thing; the message names it. */
export class NotFound extends SweepError {
  readonly code = 'not-found';
}
/** The state has moved on: reload and decide again. */
export class Conflict extends SweepError {
  readonly code: string = 'conflict';
}
/** The attempt is no longer yours: drop the work. */
export class StaleLease extends SweepError {
  readonly code = 'stale-lease';
}
/** Say who you are. */
export class Unauthenticated extends SweepError {
  readonly code = 'unauthenticated';
}
/** Ask somebody who may. */
export class Forbidden extends SweepError {
  readonly code = 'forbidden';
}
/** Too much at once: wait this long, then try again. */
export class TooMany extends SweepError {
  readonly code = 'too-many';
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}
/** Larger than the limit that the message names. */
export class TooLarge extends SweepError {
  readonly code = 'too-large';
}
/** Try again with back-off. */
export class Unavailable extends SweepError {
  readonly code = 'unavailable';
}
/** The two sides do not speak the same protocol version: upgrade the one that the message names. */
export class Incompatible extends SweepError {
  readonly code = 'incompatible';
}
/** The search cannot go on: stop the sweep. */
export class SamplerFailed extends SweepError {
  readonly code = 'sampler-failed';
}
/** Our mistake: log with stack, never catch to go on. */
export class Bug extends SweepError {
  readonly code = 'bug';
}

/** For the default branch of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new Bug(`unexpected value: ${JSON.stringify(value)}`);
}
