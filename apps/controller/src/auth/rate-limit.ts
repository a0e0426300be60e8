/**
 * How many requests a key may make: a bucket of tokens each, filled at a steady rate, so that a burst is fine and a loop gone wild is
 * slowed down before it slows the others.
 *
 * Kept in this process: with several controllers each counts what comes to it. Owns the counting; the answer is problems.filter.ts.
 */
import { TooMany } from '@sweep/domain';

export interface RateLimit {
  /** Sustained. */
  readonly perSecond: number;
  /** At once, after a pause. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds since the epoch. */
  filledAt: number;
}

const mostBuckets = 10_000;

export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  /** @param refusal what a refused caller is told to have done */
  constructor(
    private readonly limit: RateLimit,
    private readonly refusal = `this key makes more than ${limit.perSecond} requests a second`,
  ) {}

  /** @throws TooMany with the time until the next request is taken */
  take(key: string, now: number): void {
    const bucket = this.filled(key, now);
    if (bucket.tokens < 1) {
      const seconds = (1 - bucket.tokens) / this.limit.perSecond;
      throw new TooMany(`${this.refusal}: wait ${Math.ceil(seconds)} s`, seconds);
    }
    bucket.tokens--;
  }

  private filled(key: string, now: number): Bucket {
    const { perSecond, burst } = this.limit;
    const bucket = this.buckets.get(key) ?? { tokens: burst, filledAt: now };
    // A clock that was set back fills nothing.
    const gained = (Math.max(0, now - bucket.filledAt) / 1000) * perSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + gained);
    bucket.filledAt = now;
    // Insertion order is order of use: the first is the one that was unused for longest.
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > mostBuckets) this.buckets.delete(this.buckets.keys().next().value!);
    return bucket;
  }
}
