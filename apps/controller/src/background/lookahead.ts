/**
 * How many trials are kept queued beyond the free slots, so that a freed slot never waits for the sampler. Pure.
 *
 * A sampler that learns looks ahead as little as possible, since what it proposes early it proposes blindly; what waits behind the next
 * trial is chosen again when results come in. The others lose nothing: their queue is filled up when it is half empty, so that one step
 * proposes for several ends.
 */
export interface LookaheadInput {
  readonly learns: boolean;
  /** Of the agents that could run the sweep's trials. */
  readonly slots: number;
  readonly queued: number;
}

/** Of samplers that do not learn, however few slots there are: trials may be shorter than the step that proposes the next. */
const fewestAhead = 8;

/** Of samplers that learn: each new result makes all but one of these be chosen again. */
const mostBlindly = 4;

export function lookahead({ learns, slots, queued }: LookaheadInput): number {
  if (learns) return Math.max(1, Math.min(mostBlindly, slots));
  const full = Math.max(fewestAhead, slots);
  const half = Math.floor(full / 2);
  return queued > half ? half : full;
}
