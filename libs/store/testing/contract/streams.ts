import { runId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import { aLease, ended, freshId, happens, lost, type OpenStore, openOnce, propose, running, series } from './fixture.js';

export function streamStoreContract(open: () => Promise<OpenStore>): void {
  metrics(open);
  logs(open);
}

function metrics(open: () => Promise<OpenStore>): void {
  describe('points', () => {
    const store = openOnce(open);

    it('come back as they were logged, with every kind of number', async () => {
      const { trial } = await running(store());
      const odd = series('odd "name"', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324, 0.1]);
      const loss = series('loss', [3, 2]);
      const first = { run: trial.id, attempt: 1, batch: { sequence: 1, series: [odd, loss] } };
      const second = { run: trial.id, attempt: 1, batch: { sequence: 2, series: [series('loss', [1], 2)] } };
      expect(await store().metrics.append([first, second])).toEqual([
        { sequence: 2, accepted: true },
        { sequence: 2, accepted: true },
      ]);
      const read = await store().metrics.read(trial.id, 1, null);
      expect(read).toEqual([series('loss', [3, 2, 1]), odd]);
      expect(await store().metrics.read(trial.id, 1, ['loss'])).toEqual([series('loss', [3, 2, 1])]);
      expect(await store().metrics.read(trial.id, 1, [])).toEqual([]);
      expect(await store().metrics.read(trial.id, 2, null)).toEqual([]);
      expect((await store().attempts.find(trial.id, 1))!.pointSequence).toBe(2);
    });

    it('that were seen are ignored; those beyond a gap too, and the answer says where to go on', async () => {
      const { trial } = await running(store());
      const batch = (sequence: number) => ({
        run: trial.id,
        attempt: 1,
        batch: { sequence, series: [series('loss', [sequence], sequence)] },
      });
      expect(await store().metrics.append([batch(1)])).toEqual([{ sequence: 1, accepted: true }]);
      expect(await store().metrics.append([batch(1)])).toEqual([{ sequence: 1, accepted: false }]);
      expect(await store().metrics.append([batch(3)])).toEqual([{ sequence: 1, accepted: false }]);
      expect(await store().metrics.append([batch(2), batch(3)])).toMatchObject([{ sequence: 3 }, { sequence: 3 }]);
      expect([...(await store().metrics.read(trial.id, 1, null))[0]!.values]).toEqual([1, 2, 3]);
    });

    it('are stored once by many who send the same', async () => {
      const { trial } = await running(store());
      const send = () => store().metrics.append([{ run: trial.id, attempt: 1, batch: { sequence: 1, series: [series('loss', [1, 2])] } }]);
      const answers = (await Promise.all(Array.from({ length: 10 }, send))).flat();
      expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
      expect((await store().metrics.last([{ run: trial.id, attempt: 1 }]))[0]).toMatchObject([{ name: 'loss', count: 2 }]);
    });

    it('of an attempt that does not exist are not accepted', async () => {
      const batch = { sequence: 1, series: [series('loss', [1])] };
      expect(await store().metrics.append([{ run: runId('nothing1'), attempt: 1, batch }])).toEqual([{ sequence: 0, accepted: false }]);
      expect(await store().metrics.append([])).toEqual([]);
    });

    it('of one name twice in a batch are one series; a batch may be empty', async () => {
      const { trial } = await running(store());
      const twice = { sequence: 1, series: [series('loss', [1]), series('loss', [2], 1), series('none', [])] };
      await store().metrics.append([{ run: trial.id, attempt: 1, batch: twice }]);
      expect(await store().metrics.append([{ run: trial.id, attempt: 1, batch: { sequence: 2, series: [] } }])).toMatchObject([
        { sequence: 2 },
      ]);
      expect(await store().metrics.read(trial.id, 1, null)).toEqual([series('loss', [1, 2])]);
    });

    it('leave last value, finite extremes and count', async () => {
      const { trial } = await running(store());
      const append = (sequence: number, values: readonly number[]) =>
        store().metrics.append([{ run: trial.id, attempt: 1, batch: { sequence, series: [series('loss', values, sequence * 10)] } }]);
      await append(1, [5, Number.NaN, 1]);
      await append(2, [Number.POSITIVE_INFINITY, -0]);
      const [last] = await store().metrics.last([{ run: trial.id, attempt: 1 }]);
      expect(last).toEqual([{ name: 'loss', step: 21, value: -0, time: 1.79e12 + 210, min: -0, max: 5, count: 5 }]);
      expect(await store().metrics.last([])).toEqual([]);
      expect(await store().metrics.last([{ run: trial.id, attempt: 7 }])).toEqual([[]]);
    });

    it('are thinned with their extremes kept', async () => {
      const { trial } = await running(store());
      const values = Array.from({ length: 5_000 }, (_, i) => (i === 1234 ? 99 : i === 4321 ? -99 : Math.sin(i / 50)));
      for (let at = 0; at < 50; at++) {
        const batch = { sequence: at + 1, series: [series('wave', values.slice(at * 100, at * 100 + 100), at * 100)] };
        await store().metrics.append([{ run: trial.id, attempt: 1, batch }]);
      }
      for (const compacted of [false, true]) {
        if (compacted) await store().metrics.compact(1_000);
        for (const samples of [20, 200]) {
          const streams = [
            { run: trial.id, attempt: 7 },
            { run: trial.id, attempt: 1 },
          ];
          const [none, sampled] = await store().metrics.sample(streams, null, samples);
          expect(none).toEqual({ series: [], downsampled: false });
          const { series: thin, downsampled } = sampled!;
          expect(downsampled).toBe(true);
          expect(thin[0]!.values.length).toBeLessThanOrEqual(samples);
          expect([Math.max(...thin[0]!.values), Math.min(...thin[0]!.values)]).toEqual([99, -99]);
          expect(thin[0]!.steps.at(-1)).toBe(4_999);
        }
        expect((await store().metrics.read(trial.id, 1, null))[0]!.values).toEqual(Float64Array.from(values));
      }
      const whole = [{ run: trial.id, attempt: 1 }];
      expect((await store().metrics.sample(whole, ['wave'], 5_000))[0]!.downsampled).toBe(false);
      expect((await store().metrics.sample(whole, ['other'], 5_000))[0]!.series).toEqual([]);
      // What comes after a merge follows it.
      await store().metrics.append([{ run: trial.id, attempt: 1, batch: { sequence: 51, series: [series('wave', [7], 5_000)] } }]);
      expect((await store().metrics.read(trial.id, 1, null))[0]!.values.at(-1)).toBe(7);
    });

    it('of all trials of a sweep make the curves that pruners compare, of the attempt that counts', async () => {
      const { trial, sweep } = await running(store());
      await propose(store(), sweep, 2);
      const log = (attempt: number, run: typeof trial.id, values: readonly number[]) =>
        store().metrics.append([{ run, attempt, batch: { sequence: 1, series: [series('loss', values), series('other', [0])] } }]);
      await log(1, trial.id, [9, 9, 9]);
      await happens(store(), trial, lost);
      const retried = (await store().trials.lease(aLease(sweep)))!.trial;
      await log(2, trial.id, [3, 2]);
      await happens(store(), retried, ended(retried, 2));
      const second = (await store().trials.lease(aLease(sweep)))!.trial;
      await log(1, second.id, [4]);
      expect(await store().metrics.curves(sweep.id, 'loss')).toEqual([
        { trial: trial.id, number: 1, state: 'completed', series: series('loss', [3, 2]) },
        { trial: second.id, number: 2, state: 'running', series: series('loss', [4]) },
      ]);
    });
  });
}

function logs(open: () => Promise<OpenStore>): void {
  describe('program output', () => {
    const store = openOnce(open);
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

    it('is put together by offset, each byte once', async () => {
      const run = runId(freshId());
      const chunk = (offset: number, text: string, stream: 'stdout' | 'stderr' = 'stdout') => ({
        run,
        attempt: 1,
        stream,
        offset,
        data: bytes(text),
      });
      expect(await store().logs.append([chunk(0, 'hello '), chunk(6, 'world'), chunk(0, 'oops', 'stderr')])).toEqual([11, 11, 4]);
      expect(await store().logs.append([chunk(6, 'world!'), chunk(2, 'llo')])).toEqual([12, 12]);
      expect(await store().logs.append([chunk(20, 'too far')])).toEqual([12]);
      const read = async (offset: number, limit: number) =>
        new TextDecoder().decode(await store().logs.read({ run, attempt: 1, stream: 'stdout' }, offset, limit));
      expect(await read(0, 100)).toBe('hello world!');
      expect(await read(4, 4)).toBe('o wo');
      expect(await read(50, 4)).toBe('');
      expect(await store().logs.size({ run, attempt: 1, stream: 'stderr' })).toBe(4);
      expect(await store().logs.size({ run, attempt: 2, stream: 'stdout' })).toBe(0);
      expect(await store().logs.append([])).toEqual([]);
    });

    it('is not doubled by many who send the same', async () => {
      const run = runId(freshId());
      const send = () => store().logs.append([{ run, attempt: 1, stream: 'stdout', offset: 0, data: bytes('abc') }]);
      expect(new Set((await Promise.all(Array.from({ length: 10 }, send))).flat())).toEqual(new Set([3]));
      expect(await store().logs.read({ run, attempt: 1, stream: 'stdout' }, 0, 100)).toEqual(bytes('abc'));
    });
  });
}
