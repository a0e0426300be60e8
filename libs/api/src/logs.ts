/**
 * A trial's console output as bytes, from an offset, once or for as long as the trial lives.
 *
 * A broken connection goes on at the next byte. The answer of the controller may end at any time; the trial's state says whether
 * more can come.
 */
import { Unavailable } from '@sweep/domain';
import { routes } from './routes.js';
import type { TrialView } from './schemas.js';
import { pause, type Transport } from './transport.js';

export type LogStream = 'stdout' | 'stderr';

export interface LogOptions {
  readonly stream: LogStream;
  /** Bytes to skip. */
  readonly offset?: number;
  readonly attempt?: number;
  /** Goes on until the trial has ended and everything was read. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** Between two looks when the controller ends its answers at once. */
const pollMs = 500;
const endedStates: readonly TrialView['state'][] = ['completed', 'pruned', 'failed', 'cancelled'];

export async function* readLogs(transport: Transport, trial: string, options: LogOptions): AsyncGenerator<Uint8Array> {
  let offset = options.offset ?? 0;
  let ended = false;
  while (!options.signal?.aborted) {
    let received = 0;
    try {
      for await (const bytes of answer(transport, trial, options, offset)) {
        offset += bytes.length;
        received += bytes.length;
        yield bytes;
      }
    } catch (error) {
      if (options.signal?.aborted) return;
      if (!options.follow || !isBroken(error) || offset === (options.offset ?? 0)) throw error;
      await pause(pollMs * 2, options.signal);
      continue;
    }
    if (received > 0) continue;
    // `ended` was seen before the empty answer, so nothing was written after it.
    if (!options.follow || ended) return;
    const view = await transport.json<TrialView>(routes.getTrial, { components: { id: trial } });
    ended = endedStates.includes(view.state);
    if (!ended) await pause(pollMs, options.signal);
  }
}

const isBroken = (error: unknown): boolean => error instanceof Unavailable || error instanceof TypeError;

async function* answer(transport: Transport, trial: string, options: LogOptions, offset: number): AsyncGenerator<Uint8Array> {
  const response = await transport.send(routes.trialLogs, {
    components: { id: trial },
    query: { stream: options.stream, offset, attempt: options.attempt, follow: options.follow === true ? true : undefined },
    headers: { accept: 'application/octet-stream, text/plain' },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (response.body !== null) yield* response.body as unknown as AsyncIterable<Uint8Array>;
}
