import { blobHash, projectId, sweepId, userId } from '@sweep/domain';
import { describe, expect, it } from 'vitest';
import {
  aLease,
  ended,
  exitThree,
  happens,
  moveSweep,
  newSweep,
  newTrial,
  type OpenStore,
  openOnce,
  propose,
  running,
  series,
} from './fixture.js';

export function sweepStoreContract(open: () => Promise<OpenStore>): void {
  describe('projects', () => {
    const store = openOnce(open);

    it('are made once, however many ask at the same time', async () => {
      const made = await Promise.all(Array.from({ length: 20 }, () => store().projects.ensure('ada', 'race')));
      expect(new Set(made.map((project) => project.id)).size).toBe(1);
      expect(await store().projects.find('ada', 'race')).toEqual(made[0]);
    });

    it('that nobody made are not found', async () => {
      expect(await store().projects.find('ada', 'nothing')).toBeNull();
    });

    it('are listed page by page with what they hold', async () => {
      for (const name of ['p1', 'p2', 'p3']) await store().projects.ensure('lister', name);
      const p2 = (await store().projects.find('lister', 'p2'))!;
      await propose(store(), await newSweep(store(), { project: p2.id }), 2);
      const names: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await store().projects.list({ limit: 2, cursor });
        expect(page.items.length).toBeLessThanOrEqual(2);
        names.push(...page.items.filter(({ entity }) => entity === 'lister').map(({ name, sweeps, runs }) => `${name} ${sweeps} ${runs}`));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(names).toEqual(['p1 0 0', 'p2 1 2', 'p3 0 0']);
      expect((await store().projects.ofEntity('lister')).map(({ name }) => name)).toEqual(['p1', 'p2', 'p3']);
      expect(await store().projects.ofEntity('nobody')).toEqual([]);
    });
  });

  describe('a sweep', () => {
    const store = openOnce(open);

    it('is pending at first, with its seed to the last bit and its first revision', async () => {
      const seed = 2n ** 64n - 1n;
      const sweep = await newSweep(store(), {
        seed,
        priority: 3,
        parallel: 2,
        runCap: 9,
        priorRuns: ['a', 'b,{}"'],
        createdBy: userId('ada'),
      });
      expect(await store().sweeps.find(sweep.id)).toEqual(sweep);
      expect(sweep).toMatchObject({
        state: 'pending',
        reason: null,
        revision: 1,
        seed,
        entity: 'ada',
        projectName: 'digits',
        cursor: 0,
        exhausted: false,
      });
      expect(sweep).toMatchObject({
        priority: 3,
        parallel: 2,
        runCap: 9,
        priorRuns: ['a', 'b,{}"'],
        createdBy: 'ada',
        startedAt: null,
        endedAt: null,
      });
      const [revision, ...others] = await store().sweeps.revisions(sweep.id);
      expect(revision).toMatchObject({ revision: 1, config: sweep.config, priority: 3, parallel: 2, runCap: 9, by: 'ada' });
      expect(others).toEqual([]);
    });

    it('of an unknown project is refused, and an unknown one is not found', async () => {
      await expect(newSweep(store(), { project: projectId('nowhere') })).rejects.toThrow();
      expect(await store().sweeps.find(sweepId('nothing1'))).toBeNull();
    });

    it('moves for exactly one of many who expect the same', async () => {
      const sweep = await newSweep(store());
      const to = { state: 'paused', reason: null } as const;
      const won = await Promise.all(
        Array.from({ length: 20 }, () => store().sweeps.move(sweep.id, { state: 'pending', reason: null }, to)),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await store().sweeps.find(sweep.id))!.version).toBeGreaterThan(sweep.version);
    });

    it('does not move when state or reason are others than expected', async () => {
      const sweep = await newSweep(store());
      const to = { state: 'stopping', reason: 'stopped' } as const;
      expect(await store().sweeps.move(sweep.id, { state: 'running', reason: null }, to)).toBe(false);
      expect(await store().sweeps.move(sweep.id, { state: 'pending', reason: 'stopped' }, to)).toBe(false);
      expect((await store().sweeps.find(sweep.id))!).toEqual(sweep);
    });

    it('remembers when it started and ended; one that is resumed has not ended', async () => {
      const sweep = await newSweep(store());
      await moveSweep(store(), sweep, 'running');
      const { startedAt } = (await store().sweeps.find(sweep.id))!;
      expect(startedAt).toBeGreaterThan(0);
      await moveSweep(store(), sweep, 'completed');
      expect((await store().sweeps.find(sweep.id))!.endedAt).toBeGreaterThan(0);
      await moveSweep(store(), sweep, 'running');
      expect(await store().sweeps.find(sweep.id)).toMatchObject({ startedAt, endedAt: null });
    });

    it('is edited by one of many who saw the same revision; the others are told', async () => {
      const sweep = await newSweep(store());
      const edits = Array.from({ length: 10 }, (_, i) => store().sweeps.edit(sweep.id, 1, { config: `edit ${i}`, parallel: 3, by: null }));
      expect((await Promise.all(edits)).filter(Boolean)).toHaveLength(1);
      const edited = (await store().sweeps.find(sweep.id))!;
      expect(edited).toMatchObject({ revision: 2, parallel: 3, name: sweep.name });
      expect(edited.version).toBe(sweep.version + 1);
      expect((await store().sweeps.revisions(sweep.id)).map(({ revision, config }) => [revision, config])).toEqual([
        [1, sweep.config],
        [2, edited.config],
      ]);
      expect(await store().sweeps.edit(sweep.id, 1, { name: 'late', by: null })).toBe(false);
    });

    it('can be hidden once it has ended, and only then', async () => {
      const sweep = await newSweep(store());
      expect(await store().sweeps.remove(sweep.id)).toBe(false);
      await moveSweep(store(), sweep, 'completed');
      expect(await store().sweeps.remove(sweep.id)).toBe(true);
      expect(await store().sweeps.remove(sweep.id)).toBe(false);
      expect(await store().sweeps.find(sweep.id)).toBeNull();
      expect(
        (await store().sweeps.list({ project: sweep.project }, { limit: 1_000, cursor: null })).items.map(({ id }) => id),
      ).not.toContain(sweep.id);
      expect(await store().sweeps.move(sweep.id, { state: 'completed', reason: null }, { state: 'running', reason: null })).toBe(false);
    });

    it('counts its trials by state', async () => {
      const empty = await newSweep(store());
      const { trial, sweep } = await running(store());
      await propose(store(), sweep, 3);
      await happens(store(), trial, ended(trial, 0.5));
      const counts = await store().sweeps.counts([sweep.id, empty.id]);
      const none = { queued: 0, running: 0, stopping: 0, completed: 0, pruned: 0, failed: 0, cancelled: 0 };
      expect(counts.get(sweep.id)).toEqual({ ...none, queued: 3, completed: 1 });
      expect(counts.get(empty.id)).toEqual(none);
      expect((await store().sweeps.counts([])).size).toBe(0);
    });

    it('counts the deaths without a logged value', async () => {
      const { trial: silent, sweep } = await running(store());
      await propose(store(), sweep, 2);
      const { trial: talkative } = (await store().trials.lease(aLease(sweep)))!;
      await store().metrics.append([{ run: talkative.id, attempt: 1, batch: { sequence: 1, series: [series('loss', [1])] } }]);
      await happens(store(), silent, ended(silent, null, exitThree));
      await happens(store(), talkative, ended(talkative, null, exitThree));
      expect(await store().sweeps.emptyDeaths(sweep.id)).toBe(1);
    });

    it('knows its code', async () => {
      const sweep = await newSweep(store());
      expect(await store().files.code(sweep.id)).toBeNull();
      const blob = blobHash('c'.repeat(64));
      await store().files.setCode(sweep.id, blob, 12);
      expect(await store().files.code(sweep.id)).toEqual({ blob, size: 12 });
      expect(await store().files.referenced(blob)).toBe(true);
      expect(await store().files.referenced(blobHash('d'.repeat(64)))).toBe(false);
    });
  });

  describe('the list of sweeps', () => {
    const store = openOnce(open);

    it('comes newest first, in pages, with the number of all', async () => {
      const project = (await store().projects.ensure('ada', 'listed')).id;
      const made: string[] = [];
      for (let i = 0; i < 5; i++) made.push((await newSweep(store(), { project })).id);
      const first = await store().sweeps.list({ project }, { limit: 3, cursor: null });
      const second = await store().sweeps.list({ project }, { limit: 3, cursor: first.nextCursor });
      expect([first.total, second.total, second.nextCursor]).toEqual([5, 5, null]);
      const listed = [...first.items, ...second.items];
      expect(listed.map(({ id }) => id).sort()).toEqual([...made].sort());
      const times = listed.map(({ createdAt }) => createdAt);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    });

    it('can be narrowed to states', async () => {
      const project = (await store().projects.ensure('ada', 'narrow')).id;
      const paused = await newSweep(store(), { project });
      await newSweep(store(), { project });
      await moveSweep(store(), paused, 'paused');
      const page = await store().sweeps.list({ project, states: ['paused'] }, { limit: 10, cursor: null });
      expect(page.items.map(({ id }) => id)).toEqual([paused.id]);
      expect(await store().sweeps.idsIn(['paused'])).toEqual([paused.id]);
      expect(await store().sweeps.idsIn([])).toEqual([]);
    });

    it('refuses a cursor that it did not give', async () => {
      await expect(store().sweeps.list({}, { limit: 3, cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid' });
    });
  });

  describe('what is handed out', () => {
    const store = openOnce(open);

    it('is a copy: changing it changes nothing stored', async () => {
      const sweep = await newSweep(store(), { priorRuns: ['a'] });
      (sweep.priorRuns as string[]).push('b');
      expect((await store().sweeps.find(sweep.id))!.priorRuns).toEqual(['a']);
      const [trial] = (await store().trials.propose(sweep.id, 1, [newTrial({ a: [1, 2] })], null))!;
      (trial!.params['a'] as number[]).push(3);
      expect((await store().trials.find(trial!.id))!.params).toEqual({ a: [1, 2] });
    });
  });
}
