import { type ProjectId, type RunId, runId, userId } from '@sweep/domain';
import { float } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import type { RunColumn, RunField, RunFilter, Store } from '../../src/store.js';
import { aLease, ended, freshId, happens, lost, newSweep, type OpenStore, openOnce, propose, running, until } from './fixture.js';
import { newRun } from './runs.js';

const config = (path: string): RunField => ({ kind: 'config', path });
const summary = (path: string): RunField => ({ kind: 'summary', path });
const either = (path: string): RunField => ({ kind: 'either', path });
const column = (name: RunColumn): RunField => ({ kind: 'column', column: name });

export function runTableContract(open: () => Promise<OpenStore>): void {
  values(open);
  groups(open);
  keys(open);
  selections(open);
  views(open);
}

/** One run each, named by the letter. */
async function runsNamed(store: Store, summaries: Readonly<Record<string, string>>) {
  const { id: project } = await store.projects.ensure('ada', freshId());
  for (const [name, text] of Object.entries(summaries)) await newRun(store, { project, name, config: { opt: name }, summary: text });
  const names = async (filter: RunFilter | null, field: RunField, descending = false) => {
    const { items } = await store.runs.query({ project, filter, orders: [{ field, descending }] }, { start: 0, limit: 100 });
    return items.map((run) => run.name).join('');
  };
  return { project, names };
}

function values(open: () => Promise<OpenStore>): void {
  describe('what a table shows of runs', () => {
    const store = openOnce(open);

    it('is ordered with infinities at their ends, and NaN last either way', async () => {
      const { names } = await runsNamed(store(), {
        a: '{"loss":NaN}',
        b: '{"loss":Infinity}',
        c: '{"loss":2}',
        d: '{"loss":-Infinity}',
        e: '{"loss":10}',
      });
      expect(await names(null, summary('loss'))).toBe('dceba');
      expect(await names(null, summary('loss'), true)).toBe('becda');
    });

    it('is found by a name that the config has, or else the summary', async () => {
      const { names } = await runsNamed(store(), { a: '{"acc":1,"opt":"z"}', b: '{"acc":3}', c: '{}' });
      expect(await names({ op: 'gt', field: either('acc'), value: 0 }, either('acc'), true)).toBe('ba');
      expect(await names({ op: 'eq', field: either('opt'), value: 'a' }, either('opt'))).toBe('a');
      expect(await names({ op: 'eq', field: either('opt'), value: 'z' }, either('opt'))).toBe('');
    });

    it('tells of a trial its number, state, objective and time', async () => {
      const { trial, sweep } = await running(store());
      const { project } = (await store().runs.record(trial.id))!;
      const of = (filter: RunFilter) =>
        store().runs.query(
          { project, filter: { op: 'and', of: [{ op: 'eq', field: column('sweep'), value: sweep.id }, filter] }, orders: [] },
          { start: 0, limit: 9 },
        );
      const live: RunFilter = { op: 'eq', field: column('ownState'), value: 'running' };
      const timed: RunFilter = { op: 'gte', field: column('duration'), value: 0 };
      expect((await of({ op: 'and', of: [live, timed] })).items).toMatchObject([
        { id: trial.id, trialNumber: trial.number, trialAttempt: 1, trialObjective: null, trialEndedAt: null },
      ]);
      await happens(store(), trial, ended(trial, 0.25));
      const done: RunFilter = { op: 'lt', field: column('objective'), value: 0.3 };
      expect((await of({ op: 'and', of: [done, { op: 'eq', field: column('number'), value: trial.number }] })).items).toMatchObject([
        { trialState: 'completed', trialObjective: 0.25, trialEndedAt: expect.any(Number) },
      ]);
    });

    it('is of the trial itself, where an attempt of it has a run of its own', async () => {
      const { trial, sweep } = await running(store());
      const own = runId(freshId());
      await happens(store(), trial, lost);
      await store().trials.lease(aLease(sweep));
      const held = (await store().trials.find(trial.id))!;
      const filter: RunFilter = {
        op: 'and',
        of: [
          { op: 'eq', field: column('sweep'), value: sweep.id },
          { op: 'eq', field: column('isTrial'), value: true },
        ],
      };
      if (held.lease !== null) await store().attempts.giveRun(held.lease.id, own);
      const found = await store().runs.query({ project: sweep.project, filter, orders: [] }, { start: 0, limit: 9 });
      expect(found.items.map(({ id }) => id)).toEqual([trial.id]);
      expect(await store().trials.findAll([trial.id, own as never])).toMatchObject([{ id: trial.id }]);
      expect(await store().trials.findAll([])).toEqual([]);
    });

    it('has no time before a trial has begun', async () => {
      const sweep = await newSweep(store());
      const [trial] = await propose(store(), sweep, 1);
      const filter: RunFilter = { op: 'eq', field: column('id'), value: trial!.id };
      const { items } = await store().runs.query({ project: sweep.project, filter, orders: [] }, { start: 0, limit: 1 });
      expect(items).toMatchObject([{ trialState: 'queued', trialStartedAt: null }]);
      expect(await store().runs.count(sweep.project, { op: 'and', of: [filter, { op: 'exists', field: column('duration') }] })).toBe(0);
    });
  });
}

function groups(open: () => Promise<OpenStore>): void {
  describe('groups of runs', () => {
    const store = openOnce(open);

    it('count runs and their states, and sum up numbers', async () => {
      const { id: project } = await store().projects.ensure('ada', freshId());
      const make = (opt: string | null, loss: string, state: 'finished' | 'failed') =>
        newRun(store(), { project, state, config: opt === null ? {} : { opt }, summary: `{"loss":${loss}}` });
      await make('sgd', '1', 'finished');
      await make('sgd', '2', 'failed');
      await make('sgd', 'NaN', 'failed');
      await make('adam', '"text"', 'finished');
      await make(null, '0.5', 'finished');
      const found = await store().runs.groups({ project, filter: null }, [config('opt')], [summary('loss'), config('opt')]);
      const none = { n: 0, min: null, max: null, mean: null, deviation: null };
      expect(found).toEqual([
        {
          values: ['sgd'],
          runs: 3,
          states: { finished: 1, failed: 2 },
          columns: [{ n: 2, min: 1, max: 2, mean: 1.5, deviation: expect.closeTo(Math.SQRT1_2) }, none],
        },
        { values: ['adam'], runs: 1, states: { finished: 1 }, columns: [none, none] },
        { values: [null], runs: 1, states: { finished: 1 }, columns: [{ n: 1, min: 0.5, max: 0.5, mean: 0.5, deviation: null }, none] },
      ]);
      const failed: RunFilter = { op: 'eq', field: column('ownState'), value: 'failed' };
      expect(await store().runs.groups({ project, filter: failed }, [column('ownState'), config('opt')], [])).toEqual([
        { values: ['failed', 'sgd'], runs: 2, states: { failed: 2 }, columns: [] },
      ]);
    });
  });
}

function keys(open: () => Promise<OpenStore>): void {
  describe('names of columns', () => {
    const store = openOnce(open);

    it('are those of config and summary, within each other too, with the type of most', async () => {
      const { id: project } = await store().projects.ensure('ada', freshId());
      const image = '{"_type":"image-file","path":"x.png"}';
      await newRun(store(), { project, config: { opt: { lr: 1, name: 'a' }, deep: { a: { b: { c: { d: 1 } } } }, off: null } });
      await newRun(store(), { project, config: { opt: { lr: float(2) }, layers: [1] }, summary: `{"loss":NaN,"pic":${image}}` });
      // Runs of one millisecond are not told apart: the last one must be later than the others.
      const before = await store().now();
      while ((await store().now()) <= before) await new Promise((resolve) => setImmediate(resolve));
      await newRun(store(), { project, config: { opt: { lr: 'auto' }, amp: true }, summary: '{"loss":"bad","empty":{}}' });
      const found = await store().runs.keys({ project, filter: null }, 100);
      expect(found.map(({ kind, path, type, runs }) => `${kind}.${path} ${type} ${runs}`)).toEqual([
        'config.amp boolean 1',
        'config.deep.a.b.c object 1',
        'config.layers list 1',
        'config.opt.lr number 3',
        'config.opt.name text 1',
        'summary.loss number 2',
        'summary.pic object 1',
      ]);
      const ofNewest = await store().runs.keys({ project, filter: null }, 1);
      expect(ofNewest.map(({ path, runs }) => `${path} ${runs}`)).toEqual(['amp 1', 'opt.lr 1', 'loss 1']);
    });

    it('are metrics too, that agents measured', async () => {
      const { trial } = await running(store());
      const { project } = (await store().runs.record(trial.id))!;
      const series = [{ name: `m-${trial.id}`, steps: Float64Array.of(1), values: Float64Array.of(2), times: Float64Array.of(3) }];
      await store().metrics.append([{ run: runId(trial.id), attempt: 1, batch: { sequence: 1, series } }]);
      const filter: RunFilter = { op: 'eq', field: column('id'), value: trial.id };
      const found = await store().runs.keys({ project, filter }, 10);
      expect(found).toContainEqual({ kind: 'summary', path: `m-${trial.id}`, type: 'number', runs: 1 });
      expect(found).toContainEqual({ kind: 'config', path: 'lr', type: 'number', runs: 1 });
    });
  });
}

function selections(open: () => Promise<OpenStore>): void {
  describe('runs that were selected', () => {
    const store = openOnce(open);
    const some = async (n: number): Promise<{ readonly project: ProjectId; readonly ids: readonly RunId[] }> => {
      const { id: project } = await store().projects.ensure('ada', freshId());
      const made = await Promise.all(Array.from({ length: n }, () => newRun(store(), { project, tags: ['old'], notes: 'n', group: 'g' })));
      return { project, ids: made.map(({ id }) => id) };
    };

    it('are changed together, each by what it was, and tell that', async () => {
      const { project, ids } = await some(3);
      const head = await store().events.head();
      await store().runs.remove([ids[2]!]);
      const before = await store().runs.changeAll([...ids, runId('nobody99')], ({ tags, name }) => ({
        tags: [...tags, 'a "b" \\ ü', name],
        notes: null,
        name: `${name}!`,
      }));
      expect(before.map(({ id, tags }) => [id, tags])).toEqual(
        [...ids.slice(0, 2)].sort((a, b) => (before[0]!.id === a ? -1 : before[0]!.id === b ? 1 : 0)).map((id) => [id, ['old']]),
      );
      for (const { id, name } of before)
        expect(await store().runs.record(id)).toMatchObject({
          tags: ['old', 'a "b" \\ ü', name],
          notes: null,
          group: 'g',
          name: `${name}!`,
        });
      expect((await store().runs.record(ids[2]!))!.tags).toEqual(['old']);
      const told = async () => (await store().events.since(head, 100)).map(({ event }) => event);
      await until(async () => (await told()).some((event) => event.kind === 'runs.changed' && event.project === project), 'the event');
      expect(await store().runs.changeAll([], () => ({}))).toEqual([]);
    });

    it('are hidden together and brought back, once each', async () => {
      const { project, ids } = await some(3);
      const listed = async () => (await store().runs.query({ project, filter: null, orders: [] }, { start: 0, limit: 9 })).total;
      expect([...(await store().runs.remove(ids.slice(0, 2)))].sort()).toEqual([...ids.slice(0, 2)].sort());
      expect(await store().runs.remove(ids)).toEqual([ids[2]]);
      expect(await listed()).toBe(0);
      expect(await store().runs.projectsOf([...ids, runId('nobody99')])).toEqual(new Map(ids.map((id) => [id, project])));
      expect((await store().runs.restore([...ids, runId('nobody99')])).length).toBe(3);
      expect(await store().runs.restore(ids)).toEqual([]);
      expect(await listed()).toBe(3);
      expect((await store().runs.record(ids[0]!))!.deletedAt).toBeNull();
    });
  });
}

function views(open: () => Promise<OpenStore>): void {
  describe('saved views', () => {
    const store = openOnce(open);

    it('are listed by name, changed and removed, and go with who made them', async () => {
      const user = (await store().keys.createUser({ id: userId(freshId()), name: freshId(), admin: false }))!;
      const { id: project } = await store().projects.ensure('ada', freshId());
      const make = (name: string, page: string) =>
        store().views.create({ id: freshId(), project, page, name, state: '{"a":[1]}', user: user.id });
      const [b, a, other] = [await make('b', 'runs'), await make('a', 'runs'), await make('c', 'sweep')];
      expect(await store().views.list(project, 'runs')).toEqual([a, b]);
      expect(await store().views.list(project, null)).toEqual([a, b, other]);
      expect(await store().views.change(a.id, { state: '{}' })).toMatchObject({ id: a.id, name: 'a', state: '{}' });
      expect(await store().views.find(a.id)).toMatchObject({ state: '{}', user: user.id });
      expect([await store().views.remove(b.id), await store().views.remove(b.id)]).toEqual([true, false]);
      expect(await store().views.change(b.id, { name: 'x' })).toBeNull();
      await store().keys.removeUser(user.id);
      expect(await store().views.list(project, null)).toEqual([]);
    });
  });
}
