/**
 * How many requests a key may make, and how often a run and a project may send lines: a bucket of tokens each, filled at a steady rate,
 * so that a burst is fine and a loop gone wild is slowed down before it slows the others.
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

/** Whose request it is, and which run's lines it brings, if any. */
export interface Counted {
  readonly key: string;
  readonly stream: { readonly project: string; readonly run: string } | null;
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

/** Of a key's limit: what one of its runs, and one of its projects, may send lines with. */
const runShare = 1 / 10;
const projectShare = 1 / 2;

const shareOf = ({ perSecond, burst }: RateLimit, share: number): RateLimit => ({
  perSecond: perSecond * share,
  burst: Math.max(1, burst * share),
});

/**
 * The limits of runs, projects and keys together. What is refused for the smaller counts nothing for the larger, so a run that floods
 * leaves most of its key's requests to other runs.
 */
export class RequestLimits {
  private readonly keys: RateLimiter;
  private readonly projects: RateLimiter;
  private readonly runs: RateLimiter;

  constructor(limit: RateLimit) {
    const [ofRun, ofProject] = [shareOf(limit, runShare), shareOf(limit, projectShare)];
    this.keys = new RateLimiter(limit);
    this.projects = new RateLimiter(ofProject, `runs of this project send lines more than ${ofProject.perSecond} times a second`);
    this.runs = new RateLimiter(ofRun, `this run sends lines more than ${ofRun.perSecond} times a second`);
  }

  /** @throws TooMany with the time until the next such request is taken */
  take({ key, stream }: Counted, now: number): void {
    if (stream !== null) {
      // By key as well: nobody uses up what is others' by naming their runs.
      this.runs.take(JSON.stringify([key, stream.project, stream.run]), now);
      this.projects.take(JSON.stringify([key, stream.project]), now);
    }
    this.keys.take(key, now);
  }
}
