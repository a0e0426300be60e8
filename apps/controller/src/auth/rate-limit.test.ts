import { TooMany } from '@sweep/domain';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../testing/app.js';
import { wandbCalls } from '../../testing/wandb-calls.js';
import { RateLimiter, RequestLimits } from './rate-limit.js';

const taken = (limiter: RateLimiter, key: string, now: number, most = 1_000): number => {
  for (let count = 0; count < most; count++) {
    try {
      limiter.take(key, now);
    } catch (error) {
      if (error instanceof TooMany) return count;
      throw error;
    }
  }
  return most;
};

describe('a limit of 10 a second and 30 at once', () => {
  const limiter = (): RateLimiter => new RateLimiter({ perSecond: 10, burst: 30 });

  it('takes a burst, then as many as time brings', () => {
    const one = limiter();
    expect(taken(one, 'a', 1_000)).toBe(30);
    expect(taken(one, 'a', 1_500)).toBe(5);
    expect(taken(one, 'a', 999_000)).toBe(30);
  });

  it('says how long to wait', () => {
    const one = limiter();
    taken(one, 'a', 0);
    expect(() => one.take('a', 40)).toThrow(expect.objectContaining({ retryAfterSeconds: expect.closeTo(0.06) }));
  });

  it('counts each key alone', () => {
    const one = limiter();
    taken(one, 'a', 0);
    expect(taken(one, 'b', 0)).toBe(30);
  });

  it('is held over any time, whatever the pattern and the clock', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2_000, max: 5_000 }), { maxLength: 200 }), (steps) => {
        const one = limiter();
        let now = 100_000;
        let forward = 0;
        let count = 0;
        for (const step of steps) {
          now += step;
          forward += Math.max(0, step);
          count += taken(one, 'a', now, 3);
        }
        expect(count).toBeLessThanOrEqual(30 + forward / 100 + 1e-6);
      }),
    );
  });

  it('remembers a bounded number of keys', () => {
    const one = limiter();
    taken(one, 'first', 0);
    for (let index = 0; index < 10_000; index++) one.take(`key ${index}`, 0);
    expect(taken(one, 'first', 0)).toBe(30);
  });
});

describe('a server with a limit', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it('answers 429 with the time to wait, to that key alone; who has none is not counted', async () => {
    app = await startTestApp({ rateLimit: { perSecond: 0.5, burst: 3 } });
    const statuses: number[] = [];
    for (let index = 0; index < 3; index++) statuses.push((await app.call('GET', '/api/v1/sweeps')).statusCode);
    const refused = await app.call('GET', '/api/v1/sweeps');
    expect([...statuses, refused.statusCode]).toEqual([200, 200, 200, 429]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(refused.json()).toMatchObject({ status: 429, code: 'too-many', detail: expect.stringContaining('0.5 requests a second') });
    expect((await app.call('GET', '/api/v1/sweeps', { key: await app.keyOf('user') })).statusCode).toBe(200);
    expect((await app.call('GET', '/healthz', { key: null })).statusCode).toBe(200);
  });

  it('slows one run that floods, and neither another run of its key nor its other requests', async () => {
    app = await startTestApp({ rateLimit: { perSecond: 0.01, burst: 100 } });
    const { newRun, stream } = wandbCalls(() => app);
    await newRun('loud');
    await newRun('calm');
    const flood = await Promise.all(Array.from({ length: 40 }, (_, offset) => stream('loud', { history: ['{"a":1}'], offset })));
    expect(flood.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(flood.filter(({ status }) => status === 429)).toHaveLength(30);
    expect(flood.at(-1)!.body.errors?.[0]?.message).toContain('this run sends lines more than');
    expect((await stream('calm', { history: ['{"a":1}'] })).status).toBe(200);
    expect((await app.call('GET', '/api/v1/sweeps')).statusCode).toBe(200);
  });

  it('counts the runs of a project together, and nobody else', async () => {
    const limits = new RequestLimits({ perSecond: 10, burst: 100 });
    const of = (run: number, project = 'p', key = 'k') => ({ key, stream: { project, run: String(run) } });
    const all = Array.from({ length: 60 }, (_, run) => {
      try {
        limits.take(of(run), 0);
        return 1;
      } catch (error) {
        if (error instanceof TooMany) return 0;
        throw error;
      }
    });
    expect(all.reduce<number>((sum, one) => sum + one, 0)).toBe(50);
    expect(() => limits.take(of(0, 'q'), 0)).not.toThrow();
    expect(() => limits.take(of(0, 'p', 'other'), 0)).not.toThrow();
  });

  it('has none when it is switched off', async () => {
    app = await startTestApp({ rateLimit: null });
    const answers = await Promise.all(Array.from({ length: 50 }, () => app.call('GET', '/api/v1/sweeps')));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  });
});
