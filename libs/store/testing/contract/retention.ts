import { blobHash, runId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import type { Leased } from '../../src/store.js';
import { ended, freshId, happens, moveSweep, newSweep, type OpenStore, openOnce, running, series, until } from './fixture.js';
import { newRun } from './runs.js';

const freshBlob = () =>
  blobHash(
    freshId(8)
      .replace(/[^0-9a-f]/g, 'a')
      .padEnd(64, '0'),
  );

export function retentionContract(open: () => Promise<OpenStore>): void {
  describe('what was deleted, when its time is over', () => {
    const store = openOnce(open);
    const later = async (): Promise<number> => (await store().now()) + 60_000;
    const dropAll = async (before: number): Promise<void> => {
      for (let left = 1; left > 0; ) {
        const { sweeps, runs, events } = await store().retention.drop(before, 10);
        left = sweeps + runs + events;
      }
    };
    const garbage = async () => store().artifacts.garbage(Number.MAX_SAFE_INTEGER, 10_000);
    /** A completed sweep of one trial with something of everything. */
    const whole = async (): Promise<
      Leased & { readonly file: ReturnType<typeof freshBlob>; readonly code: ReturnType<typeof freshBlob> }
    > => {
      const leased = await running(store());
      const { sweep, trial, attempt } = leased;
      const [file, code] = [freshBlob(), freshBlob()];
      await store().metrics.append([{ run: attempt.run, attempt: 1, batch: { sequence: 1, series: [series('loss', [1, 2])] } }]);
      await store().logs.append([{ run: attempt.run, attempt: 1, stream: 'stdout', offset: 0, data: Buffer.from('hello') }]);
      await store().files.put({ run: attempt.run, kind: 'output', path: 'x', blob: file, size: 4, md5: null });
      await store().files.setCode(sweep.id, code, 4);
      await store().decisions.add({ sweep: sweep.id, trial: trial.id, about: 'waiting', text: 'no agent' });
      await happens(store(), trial, ended(trial, 1));
      await moveSweep(store(), sweep, 'completed');
      return { ...leased, file, code };
    };

    it('a sweep goes with its trials and all that its runs hold, and what it held is garbage', async () => {
      const { sweep, trial, attempt, file, code } = await whole();
      expect(await store().sweeps.remove(sweep.id)).toBe(true);
      expect((await store().retention.due(await later())).sweeps).toBeGreaterThanOrEqual(1);
      await dropAll(await later());
      expect(await store().retention.due(await later())).toMatchObject({ sweeps: 0, runs: 0 });
      expect(await store().trials.find(trial.id)).toBeNull();
      expect(await store().attempts.findByLease(attempt.lease)).toBeNull();
      expect(await store().runs.record(attempt.run)).toBeNull();
      expect(await store().sweeps.revisions(sweep.id)).toEqual([]);
      expect(await store().metrics.read(attempt.run, 1, null)).toEqual([]);
      expect(await store().logs.size({ run: attempt.run, attempt: 1, stream: 'stdout' })).toBe(0);
      expect(await store().files.list(attempt.run, null)).toEqual([]);
      expect(await garbage()).toEqual(expect.arrayContaining([file, code]));
      expect([await store().files.referenced(file), await store().files.referenced(code)]).toEqual([false, false]);
    });

    it('nothing goes before its time, and nothing that was not deleted', async () => {
      const [deleted, kept] = [await whole(), await whole()];
      const before = await store().now();
      await store().sweeps.remove(deleted.sweep.id);
      await dropAll(before);
      expect(await store().trials.find(deleted.trial.id)).not.toBeNull();
      await dropAll(await later());
      expect(await store().trials.find(deleted.trial.id)).toBeNull();
      expect(await store().sweeps.find(kept.sweep.id)).not.toBeNull();
      expect(await store().files.list(kept.attempt.run, null)).toHaveLength(1);
      expect(await store().logs.size({ run: kept.attempt.run, attempt: 1, stream: 'stdout' })).toBe(5);
    });

    it('a run of a program on its own goes alone; one of a trial waits for its sweep', async () => {
      const [alone, other] = [await newRun(store()), await newRun(store())];
      const { sweep, trial, attempt } = await whole();
      await store().runs.remove([alone.id, attempt.run]);
      await dropAll(await later());
      expect(await store().runs.record(alone.id)).toBeNull();
      expect(await store().runs.record(other.id)).not.toBeNull();
      expect(await store().trials.find(trial.id)).not.toBeNull();
      expect(await store().files.list(attempt.run, null)).toHaveLength(1);
      await store().sweeps.remove(sweep.id);
      await dropAll(await later());
      expect(await store().files.list(attempt.run, null)).toEqual([]);
    });

    it('one that was taken back stays', async () => {
      const run = await newRun(store());
      await store().runs.remove([run.id]);
      await store().runs.restore([run.id]);
      await dropAll(await later());
      expect(await store().runs.record(run.id)).not.toBeNull();
    });

    it('its name may be used again, and finds nothing of before', async () => {
      const run = await newRun(store());
      await store().files.put({ run: run.id, kind: 'client', path: 'x', blob: freshBlob(), size: 1, md5: null });
      await store().runs.remove([run.id]);
      await dropAll(await later());
      const again = await store().runs.ensure({ project: run.project, handle: run.handle, user: run.user!, name: 'n', state: 'running' });
      expect(again).toMatchObject({ inserted: true, record: { id: runId(run.handle) } });
      expect(await store().files.list(again.record.id, null)).toEqual([]);
    });

    /** A head lies behind the oldest transaction of the whole server, which may be older than what these tests drop as if it were. */
    const headNow = async (): Promise<string> => {
      let head = '';
      await until(async () => {
        head = await store().events.head();
        return await store()
          .events.check(head)
          .then(
            () => true,
            () => false,
          );
      }, 'the transactions from before to end');
      return head;
    };

    it('events go too, and whoever has not read so far is told so, while all others go on', async () => {
      await newSweep(store());
      const old = await headNow();
      const first = await newSweep(store());
      await until(
        async () => (await store().events.since(old, 100)).some(({ event }) => 'sweep' in event && event.sweep === first.id),
        'it',
      );
      await store().events.check(old);
      expect((await store().retention.due(await later())).events).toBeGreaterThan(0);
      await dropAll(await later());
      await expect(store().events.check(old)).rejects.toMatchObject({ code: 'invalid' });
      await store().events.check('0');
      const head = await headNow();
      const second = await newSweep(store());
      const after = async () => (await store().events.since(head, 100)).map(({ event }) => event);
      await until(async () => (await after()).some((event) => 'sweep' in event && event.sweep === second.id), 'the next one');
      await expect(store().events.check('99999999999-1')).rejects.toMatchObject({ code: 'invalid' });
    });

    it('events that are young stay', async () => {
      const head = await headNow();
      await newSweep(store());
      await store().retention.drop((await store().now()) - 60_000, 10);
      await store().events.check(head);
    });

    it('many who drop at once drop each thing once', async () => {
      const many = await Promise.all(Array.from({ length: 6 }, () => newSweep(store())));
      for (const sweep of many) {
        await moveSweep(store(), sweep, 'completed');
        await store().sweeps.remove(sweep.id);
      }
      const before = await later();
      const dropped = await Promise.all(Array.from({ length: 4 }, () => store().retention.drop(before, 2)));
      expect(dropped.reduce((sum, { sweeps }) => sum + sweeps, 0)).toBeLessThanOrEqual(6);
      await dropAll(before);
      expect(await store().retention.due(before)).toMatchObject({ sweeps: 0, runs: 0 });
    });
  });
}
