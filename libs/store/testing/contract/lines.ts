import { type RunId, runId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { AddedLines, LineBlock, LineKey, LineStream, LineWrite } from '../../src/store.js';
import { freshId, type OpenStore, openOnce, running, series } from './fixture.js';
import { newRun } from './runs.js';

const nothing: LineWrite['decide'] = () => ({ change: {}, series: [] });
const history = (offset: number, lines: readonly string[]): LineBlock => ({ stream: 'history', offset, lines });

/** One point a line, numbered as the lines are. */
const withPoints: LineWrite['decide'] = (_record, added) => ({
  change: {},
  series: added
    .filter(({ stream }) => stream === 'history')
    .map(({ firstLine, lines }) => ({
      stream: 'history' as const,
      series: [
        series(
          'loss',
          lines.map((line) => Number(line)),
          firstLine,
        ),
      ],
    })),
});

export function lineStoreContract(open: () => Promise<OpenStore>): void {
  describe('lines of clients', () => {
    const store = openOnce(open);
    const put = (run: RunId, ...blocks: readonly LineBlock[]) => store().lines.write({ run, attempt: 1, blocks, decide: nothing });
    const read = (run: RunId, stream: LineStream = 'history', attempt = 1) => store().lines.read({ run, attempt, stream }, 0, 10_000);

    it('come back byte for byte, and are counted', async () => {
      const { id } = await newRun(store());
      const lines = ['{"loss":NaN,"n":1.0}', '{"n":1,"text":"ä\\u0000 \u2028"}', '', '{"big":1152921504606846977}'];
      expect(await put(id, history(0, lines))).toMatchObject({ historyLines: 4, eventLines: 0, logLines: 0 });
      expect(await read(id)).toEqual(lines);
      expect(await store().lines.read({ run: id, attempt: 1, stream: 'history' }, 1, 2)).toEqual(lines.slice(1, 3));
      expect(await read(id, 'events')).toEqual([]);
      expect(await store().lines.count({ run: id, attempt: 1, stream: 'history' })).toBe(4);
    });

    it('of the console are replaced by their number, across the writes that brought them', async () => {
      const { id } = await newRun(store());
      const expected: string[] = [];
      const write = async (offset: number, lines: readonly string[]) => {
        const record = await put(id, { stream: 'log', offset, lines });
        lines.forEach((line, i) => {
          expected[offset + i] = line;
        });
        expect(await read(id, 'log')).toEqual(expected);
        expect(record!.logLines).toBe(expected.length);
      };
      await write(0, ['a0', 'a1', 'a2']);
      await write(3, ['b3', 'b4', 'b5']);
      await write(2, ['c2', 'c3']);
      await write(0, ['d0']);
      await write(5, ['e5', 'e6']);
      await write(
        1,
        Array.from({ length: 1_300 }, (_, i) => `f${i + 1}`),
      );
      await write(700, ['g']);
    });

    it('of the console begin anew once the run was said to, at the first block from the start', async () => {
      const { id } = await newRun(store());
      const log = (offset: number, ...lines: readonly string[]): LineBlock => ({ stream: 'log', offset, lines });
      await put(id, log(0, 'a', 'b', 'c'));
      await store().runs.change(id, () => ({ logRestarts: true }));
      await put(id, log(0, 'x'));
      expect(await read(id, 'log')).toEqual(['x']);
      await put(id, log(1, 'y'), log(0, 'z'));
      expect(await read(id, 'log')).toEqual(['z', 'y']);
    });

    it('of the console go on where the first block does not begin at the start, or says what is known', async () => {
      const log = (offset: number, ...lines: readonly string[]): LineBlock => ({ stream: 'log', offset, lines });
      for (const first of [log(2, 'c'), log(3, 'd')]) {
        const { id } = await newRun(store());
        await put(id, log(0, 'a', 'b', 'c'));
        await store().runs.change(id, () => ({ logRestarts: true }));
        expect(await put(id, first)).toMatchObject({ logRestarts: false });
        await put(id, log(0, 'x'));
        expect((await read(id, 'log')).slice(0, 3)).toEqual(['x', 'b', 'c']);
      }
    });

    it('of the history replace the stream when they begin at its start, with their points', async () => {
      const { id } = await newRun(store());
      const write = (offset: number, ...lines: readonly string[]) =>
        store().lines.write({ run: id, attempt: 1, blocks: [history(offset, lines)], decide: withPoints });
      await write(0, '1', '2', '3');
      await write(3, '4');
      expect([...(await store().metrics.read(id, 1, ['loss']))[0]!.values]).toEqual([1, 2, 3, 4]);
      expect(await write(0, '9')).toMatchObject({ historyLines: 1 });
      expect(await read(id)).toEqual(['9']);
      const [loss] = await store().metrics.read(id, 1, null);
      expect([...loss!.values]).toEqual([9]);
      expect((await store().metrics.last([{ run: id, attempt: 1 }]))[0]).toMatchObject([
        { name: 'loss', value: 9, count: 1, min: 9, max: 9 },
      ]);
    });

    it('of a fork begin anew behind those of its origin', async () => {
      const { id } = await newRun(store());
      const write = (offset: number, ...lines: readonly string[]) =>
        store().lines.write({ run: id, attempt: 1, blocks: [history(offset, lines)], decide: withPoints });
      await write(0, '1', '2');
      await store().runs.change(id, () => ({ forkLines: 2 }));
      await write(2, '3', '4', '5');
      expect(await write(2, '7')).toMatchObject({ historyLines: 3, forkLines: 2 });
      await write(3, '8');
      expect(await read(id)).toEqual(['1', '2', '7', '8']);
      expect([...(await store().metrics.read(id, 1, null))[0]!.values]).toEqual([1, 2, 7, 8]);
    });

    it('that are sent again after a lost answer change nothing', async () => {
      const { id } = await newRun(store());
      const seen: (readonly AddedLines[])[] = [];
      const write = (offset: number, ...lines: readonly string[]) =>
        store().lines.write({
          run: id,
          attempt: 1,
          blocks: [history(offset, lines)],
          decide: (record, added) => {
            seen.push(added);
            return withPoints(record, added);
          },
        });
      await write(0, '1', '2');
      await write(2, '3');
      await write(2, '3');
      await write(2, '3', '4');
      expect(seen.slice(2)).toEqual([[], [{ stream: 'history', firstLine: 3, lines: ['4'], restarted: false }]]);
      expect([...(await store().metrics.read(id, 1, null))[0]!.values]).toEqual([1, 2, 3, 4]);
      expect(await read(id)).toEqual(['1', '2', '3', '4']);
    });

    it('that change what was known are read anew from the start', async () => {
      const { id } = await newRun(store());
      const write = (offset: number, ...lines: readonly string[]) =>
        store().lines.write({ run: id, attempt: 1, blocks: [history(offset, lines)], decide: withPoints });
      await write(0, '1', '2', '3');
      await write(1, '7');
      expect([...(await store().metrics.read(id, 1, null))[0]!.values]).toEqual([1, 7, 3]);
      expect(await read(id)).toEqual(['1', '7', '3']);
    });

    it('are cut, with their points', async () => {
      const { id } = await newRun(store());
      await store().lines.write({ run: id, attempt: 1, blocks: [history(0, ['1', '2', '3'])], decide: withPoints });
      const key: LineKey = { run: id, attempt: 1, stream: 'history' };
      expect(await store().lines.cut(key, 2, withPoints)).toMatchObject({ historyLines: 2 });
      expect(await read(id)).toEqual(['1', '2']);
      expect([...(await store().metrics.read(id, 1, null))[0]!.values]).toEqual([1, 2]);
      expect(await store().lines.cut(key, 0, withPoints)).toMatchObject({ historyLines: 0 });
      expect(await store().metrics.read(id, 1, null)).toEqual([]);
    });

    it('change their run in the same step, and are a sign of life', async () => {
      const { id } = await newRun(store());
      const before = (await store().runs.record(id))!.heartbeatAt!;
      const after = await store().lines.write({
        run: id,
        attempt: 1,
        blocks: [history(0, ['{}'])],
        decide: (record, added) => ({
          change: { exitCode: added.length, historyKeys: `{"was":${record.historyLines}}`, state: 'finished' },
          series: [],
        }),
      });
      expect(after).toMatchObject({ exitCode: 1, historyKeys: '{"was":0}', state: 'finished', historyLines: 1 });
      expect(after!.heartbeatAt).toBeGreaterThanOrEqual(before);
    });

    it("of an earlier attempt are kept under it and leave the run's own alone", async () => {
      const { trial } = await running(store());
      await store().runs.change(trial.id, () => ({ attempt: 2 }));
      const write = (attempt: number) =>
        store().lines.write({
          run: trial.id,
          attempt,
          blocks: [history(0, [String(attempt)])],
          decide: (record, added) => ({ ...withPoints(record, added), change: { summary: `{"a":${attempt}}` } }),
        });
      await write(2);
      await write(1);
      expect(await store().runs.record(trial.id)).toMatchObject({ summary: '{"a":2}', historyLines: 1 });
      expect([await read(trial.id, 'history', 1), await read(trial.id, 'history', 2)]).toEqual([['1'], ['2']]);
      expect([...(await store().metrics.read(trial.id, 1, null))[0]!.values]).toEqual([1]);
    });

    it('stand beside the points that an agent sends, which are not touched', async () => {
      const { trial } = await running(store());
      await store().metrics.append([{ run: trial.id, attempt: 1, batch: { sequence: 1, series: [series('loss', [5])] } }]);
      const write = (...lines: readonly string[]) =>
        store().lines.write({ run: trial.id, attempt: 1, blocks: [history(0, lines)], decide: withPoints });
      await write('1', '2');
      await write('3');
      expect([...(await store().metrics.read(trial.id, 1, null))[0]!.values].sort()).toEqual([3, 5]);
      expect((await store().metrics.last([{ run: trial.id, attempt: 1 }]))[0]).toMatchObject([{ count: 2, min: 3, max: 5 }]);
    });

    it('survive the same write from many at once', async () => {
      const { id } = await newRun(store());
      const write = () =>
        store().lines.write({ run: id, attempt: 1, blocks: [history(1, ['2']), history(0, ['1', '2'])], decide: withPoints });
      await Promise.all(Array.from({ length: 10 }, write));
      expect(await read(id)).toEqual(['1', '2']);
      expect((await store().metrics.last([{ run: id, attempt: 1 }]))[0]).toMatchObject([{ count: 2 }]);
    });

    it('that are none are refused; of no run, or a deleted one, there is no record', async () => {
      const { id } = await newRun(store());
      await expect(put(id, history(-1, ['x']))).rejects.toMatchObject({ code: 'invalid' });
      await expect(put(id, history(0, ['x\ny']))).rejects.toMatchObject({ code: 'invalid' });
      expect(await put(runId(freshId()), history(0, ['x']))).toBeNull();
      await store().runs.remove([id]);
      expect(await put(id, history(0, ['x']))).toBeNull();
    });
  });
}
