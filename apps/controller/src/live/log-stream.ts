/** A stream of an attempt's console output, from an offset to its present end, or on until the attempt is over. */
import { Readable } from 'node:stream';
import type { Clock } from '@sweep/runtime';
import type { Attempt, Store } from '@sweep/store';

export interface LogRequest {
  readonly attempt: Attempt;
  readonly stream: 'stdout' | 'stderr';
  readonly offset: number;
  readonly follow: boolean;
  /** Aborts when the server goes. */
  readonly closing: AbortSignal;
}

const pieceBytes = 256 * 1024;
/** Output arrives in chunks of its own pace; nobody watches a console faster than this. */
const lookAgainMs = 250;

export function logStream(store: Store, clock: Clock, request: LogRequest): Readable {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  request.closing.addEventListener('abort', leave, { once: true });
  const stream = Readable.from(pieces(store, clock, request, leaving.signal), { objectMode: false });
  stream.once('close', () => {
    request.closing.removeEventListener('abort', leave);
    leave();
  });
  return stream;
}

async function* pieces(store: Store, clock: Clock, request: LogRequest, leaving: AbortSignal): AsyncGenerator<Uint8Array> {
  const { attempt, stream } = request;
  let { offset } = request;
  // Known before each look: what was written before the attempt was over is then seen by that look.
  let over = !request.follow || attempt.endedAt !== null;
  while (!leaving.aborted) {
    const piece = await store.logs.read({ run: attempt.run, attempt: attempt.number, stream }, offset, pieceBytes);
    offset += piece.length;
    if (piece.length > 0) {
      yield piece;
      continue;
    }
    if (over) return;
    await clock.sleep(lookAgainMs, leaving);
    const now = await store.attempts.find(attempt.trial, attempt.number);
    over = now === null || now.endedAt !== null;
  }
}
