import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.js';
import { startLoop } from './loop.js';

/** Resolves when the body has begun for the n-th time. */
function counted() {
  let runs = 0;
  const waiting: { at: number; resolve: () => void }[] = [];
  return {
    body: async () => {
      runs++;
      for (const { at, resolve } of waiting) if (runs >= at) resolve();
    },
    runs: () => runs,
    reached: (at: number) => (runs >= at ? Promise.resolve() : new Promise<void>((resolve) => void waiting.push({ at, resolve }))),
  };
}

const never = 3_600_000;

describe('a loop', () => {
  it('runs its body at once, and again when woken', async () => {
    const work = counted();
    const loop = startLoop({ name: 'test', everyMs: never, clock: systemClock, body: work.body, onError: () => undefined });
    await work.reached(1);
    loop.wake();
    await work.reached(2);
    await loop.stop();
    expect(work.runs()).toBe(2);
  });

  it('makes one further run of any number of wakes during a run', async () => {
    const work = counted();
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const body = async () => {
      await work.body();
      if (work.runs() === 1) await gate;
    };
    const loop = startLoop({ name: 'test', everyMs: never, clock: systemClock, body, onError: () => undefined });
    await work.reached(1);
    for (let i = 0; i < 10; i++) loop.wake();
    open();
    await work.reached(2);
    await loop.stop();
    expect(work.runs()).toBe(2);
  });

  it('reports what its body throws and goes on', async () => {
    const work = counted();
    const errors: unknown[] = [];
    const body = async () => {
      await work.body();
      if (work.runs() === 1) throw new Error('first');
    };
    const loop = startLoop({ name: 'test', everyMs: 1, clock: systemClock, body, onError: (error) => errors.push(error) });
    await work.reached(3);
    await loop.stop();
    expect(errors).toEqual([new Error('first')]);
  });

  it('does not run any more once stopped, and waits for the run in progress', async () => {
    const work = counted();
    let finished = false;
    const body = async () => {
      await work.body();
      await new Promise((resolve) => setImmediate(resolve));
      finished = true;
    };
    const loop = startLoop({ name: 'test', everyMs: never, clock: systemClock, body, onError: () => undefined });
    await work.reached(1);
    await loop.stop();
    expect(finished).toBe(true);
    loop.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(work.runs()).toBe(1);
  });
});
