import { projectId, runId, type UserId, userId } from '@sweep/domain';
import { float } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import type { RunChange, RunFilter, RunOrder, RunRecord, Store } from '../../src/store.js';
import { aLease, freshId, newSweep, newTrial, type OpenStore, openOnce, running, series, until } from './fixture.js';

/** A run of a program on its own, in a project of its own unless one is given. */
export async function newRun(
  store: Store,
  { project, user, ...change }: RunChange & { readonly project?: RunRecord['project']; readonly user?: UserId } = {},
) {
  const owner = user ?? userId(freshId());
  if (user === undefined) await store.keys.createUser({ id: owner, name: freshId(), admin: false });
  const home = project ?? (await store.projects.ensure('ada', freshId())).id;
  const { record } = await store.runs.ensure({ project: home, handle: freshId(), user: owner, name: 'calm-lake-1', state: 'running' });
  return (await store.runs.change(record.id, () => change))!;
}

export function runStoreContract(open: () => Promise<OpenStore>): void {
  records(open);
  queries(open);
  alerts(open);
}

function records(open: () => Promise<OpenStore>): void {
  describe('runs of programs on their own', () => {
    const store = openOnce(open);
    const owner = async () => (await store().keys.createUser({ id: userId(freshId()), name: freshId(), admin: false }))!.id;

    it('are made once by many who ask, under the id that they chose', async () => {
      const { id: project } = await store().projects.ensure('ada', freshId());
      const wish = { project, handle: freshId(), user: await owner(), name: 'calm-lake-1', state: 'running' as const };
      const made = await Promise.all(Array.from({ length: 8 }, () => store().runs.ensure(wish)));
      expect(made.filter(({ inserted }) => inserted)).toHaveLength(1);
      expect(new Set(made.map(({ record }) => record.id))).toEqual(new Set([runId(wish.handle)]));
      expect(await store().runs.recordByHandle(project, wish.handle)).toMatchObject({
        name: 'calm-lake-1',
        state: 'running',
        user: wish.user,
      });
    });

    it('may have one handle in two projects', async () => {
      const handle = freshId();
      const [a, b] = [await store().projects.ensure('ada', freshId()), await store().projects.ensure('ada', freshId())];
      const wish = { handle, user: await owner(), name: 'n', state: 'running' as const };
      const [first, second] = [
        await store().runs.ensure({ ...wish, project: a.id }),
        await store().runs.ensure({ ...wish, project: b.id }),
      ];
      expect([first.inserted, second.inserted]).toEqual([true, true]);
      expect(second.record.id).not.toBe(first.record.id);
      expect((await store().runs.recordByHandle(b.id, handle))!.id).toBe(second.record.id);
    });

    it('keep what is told of them, texts verbatim', async () => {
      const run = await newRun(store());
      const change = {
        name: 'renamed',
        notes: 'n',
        tags: ['b', 'a'],
        group: 'g',
        jobType: 'train',
        commit: 'c0ffee',
        host: 'h',
        program: 'train.py',
        repo: 'r',
        config: { lr: float(1), big: 1152921504606846977n },
        configDocument: '{"lr":{"value":1.0}}',
        summary: '{"loss":NaN,"a":{"min":1.0}}',
        systemMetrics: '{"system.cpu":1}',
        historyKeys: '{}',
        exitCode: 3,
        state: 'failed',
        stopRequested: true,
        forkLines: 3,
      } as const;
      expect(await store().runs.change(run.id, () => change)).toMatchObject(change);
      expect(await store().runs.change(run.id, () => ({ notes: null }))).toMatchObject({ ...change, notes: null });
      expect(await store().runs.change(runId(freshId()), () => change)).toBeNull();
    });

    it('are changed by one after another', async () => {
      const { id } = await newRun(store(), { exitCode: 0 });
      await Promise.all(Array.from({ length: 10 }, () => store().runs.change(id, ({ exitCode }) => ({ exitCode: exitCode! + 1 }))));
      expect((await store().runs.record(id))!.exitCode).toBe(10);
    });

    it('are hidden when deleted, and their handle stays theirs', async () => {
      const run = await newRun(store());
      expect([await store().runs.remove([run.id]), await store().runs.remove([run.id])]).toEqual([[run.id], []]);
      expect(await store().runs.count(run.project, null)).toBe(0);
      expect((await store().runs.record(run.id))!.deletedAt).not.toBeNull();
      const again = await store().runs.ensure({ project: run.project, handle: run.handle, user: run.user!, name: 'n', state: 'running' });
      expect(again).toMatchObject({ inserted: false, record: { id: run.id } });
    });

    it('crash when their program is silent for too long; runs of trials do not', async () => {
      const alive = await newRun(store());
      const ended = await newRun(store(), { state: 'finished' });
      const { trial } = await running(store());
      expect(await store().runs.crash(60_000)).not.toContain(alive.id);
      await until(async () => (await store().now()) > alive.heartbeatAt! + 5, 'a few milliseconds to pass');
      const crashed = await store().runs.crash(1);
      expect(crashed).toContain(alive.id);
      expect(crashed).not.toContain(ended.id);
      expect(await store().runs.record(alive.id)).toMatchObject({ state: 'crashed' });
      expect(await store().runs.record(trial.id)).toMatchObject({ state: null, trialState: 'running', attempt: 1 });
    });

    it('share secrets that are made once', async () => {
      const name = freshId();
      const [first, ...rest] = await Promise.all(Array.from({ length: 5 }, () => store().secret(name, 32)));
      expect(first).toHaveLength(32);
      for (const one of rest) expect(Buffer.from(one).equals(Buffer.from(first!))).toBe(true);
      expect(Buffer.from(await store().secret(freshId(), 32)).equals(Buffer.from(first!))).toBe(false);
    });
  });
}

function queries(open: () => Promise<OpenStore>): void {
  describe('searching runs', () => {
    const store = openOnce(open);

    async function three() {
      const { id: project } = await store().projects.ensure('ada', freshId());
      const a = await newRun(store(), {
        project,
        name: 'a',
        tags: ['x', 'y'],
        state: 'finished',
        config: { lr: float(0.1), opt: 'adam', 'a.b': 1 },
        summary: '{"loss":0.5,"val":{"acc":1}}',
      });
      const b = await newRun(store(), {
        project,
        name: 'b',
        tags: ['y'],
        group: 'g',
        config: { lr: float(0.01), opt: 'sgd', a: { b: 2 } },
        summary: '{"loss":NaN}',
      });
      const c = await newRun(store(), { project, name: 'c', jobType: 'eval', config: { lr: 1, layers: [1, 2] }, summary: '{"loss":0.25}' });
      return { project, a, b, c };
    }
    const ofSweep = (id: string): RunFilter => ({ op: 'eq', field: { kind: 'column', column: 'sweep' }, value: id });
    const field = (path: string) => {
      const [kind, ...rest] = path.split(':');
      return kind === 'column' ? { kind: 'column' as const, column: rest[0] as 'state' } : { kind: kind as 'config', path: rest.join(':') };
    };

    it.each<readonly [string, RunFilter, string]>([
      ['nothing', { op: 'and', of: [] }, 'abc'],
      ['no alternative', { op: 'or', of: [] }, ''],
      ['a state', { op: 'eq', field: field('column:state'), value: 'finished' }, 'a'],
      ['a tag', { op: 'in', field: field('column:tags'), values: ['x', 'z'] }, 'a'],
      ['no such tag', { op: 'not', of: { op: 'eq', field: field('column:tags'), value: 'y' } }, 'c'],
      ['a group', { op: 'eq', field: field('column:group'), value: 'g' }, 'b'],
      ['no group', { op: 'eq', field: field('column:group'), value: null }, 'ac'],
      ['a text in the config', { op: 'eq', field: field('config:opt'), value: 'adam' }, 'a'],
      ['an opposite, of which a missing one is part', { op: 'not', of: { op: 'eq', field: field('config:opt'), value: 'adam' } }, 'bc'],
      ['a number', { op: 'gt', field: field('config:lr'), value: 0.05 }, 'ac'],
      ['a number as a float or an int', { op: 'eq', field: field('config:lr'), value: 1 }, 'c'],
      ['numbers among texts', { op: 'gte', field: field('config:opt'), value: 0 }, ''],
      ['less than a number, where texts are none', { op: 'lt', field: field('config:opt'), value: 1e9 }, ''],
      ['more than a number, where lists and objects are none', { op: 'gt', field: field('config:layers'), value: 0 }, ''],
      ['a very large whole number', { op: 'lt', field: field('config:lr'), value: 2n ** 70n }, 'abc'],
      ['a number without an end', { op: 'lt', field: field('config:lr'), value: Number.POSITIVE_INFINITY }, 'abc'],
      ['a key with a dot, and one within another', { op: 'in', field: field('config:a.b'), values: [1, 2] }, 'ab'],
      ['an item of a list', { op: 'eq', field: field('config:layers'), value: 2 }, 'c'],
      ['a summary', { op: 'lte', field: field('summary:loss'), value: 0.5 }, 'ac'],
      ['a nested summary', { op: 'exists', field: field('summary:val.acc') }, 'a'],
      ['a pattern', { op: 'regex', field: field('column:displayName'), pattern: '^[bc]$' }, 'bc'],
      [
        'a kind of job',
        {
          op: 'or',
          of: [
            { op: 'eq', field: field('column:jobType'), value: 'eval' },
            { op: 'eq', field: field('column:displayName'), value: 'a' },
          ],
        },
        'ac',
      ],
    ])('finds by %s', async (_what, filter, expected) => {
      const { project } = await three();
      const { items, total } = await store().runs.query({ project, filter, orders: [] }, { start: 0, limit: 10 });
      expect(
        items
          .map(({ name }) => name)
          .sort()
          .join(''),
      ).toBe(expected);
      expect([total, await store().runs.count(project, filter)]).toEqual([expected.length, expected.length]);
    });

    it.each<readonly [string, RunOrder, string]>([
      ['a name', { field: field('column:displayName'), descending: true }, 'cba'],
      ['the config', { field: field('config:lr'), descending: false }, 'bac'],
      ['the summary, numbers that are none last', { field: field('summary:val.acc'), descending: true }, 'abc'],
    ])('orders by %s, in pages', async (_what, order, expected) => {
      const { project } = await three();
      const byName = { field: field('column:displayName'), descending: false };
      const page = (start: number) => store().runs.query({ project, filter: null, orders: [order, byName] }, { start, limit: 2 });
      const [first, second, third] = [await page(0), await page(2), await page(4)];
      expect([first.total, second.total, third]).toEqual([3, 3, { items: [], total: 3 }]);
      const names = [...first.items, ...second.items].map(({ name }) => name);
      expect(names.join('')).toBe(expected);
    });

    it('refuses a pattern that is none', async () => {
      const { project } = await three();
      const filter: RunFilter = { op: 'regex', field: field('column:displayName'), pattern: '(' };
      await expect(store().runs.count(project, filter)).rejects.toMatchObject({ code: 'invalid' });
    });

    it('tells runs of trials that were only proposed from those that somebody has or asked for', async () => {
      const sweep = await newSweep(store());
      const trials = [newTrial({ lr: 1 }), newTrial({ lr: 2 }), newTrial({ lr: 3 }, { origin: 'enqueued' })];
      await store().trials.propose(sweep.id, sweep.version, trials, null);
      await store().trials.lease(aLease(sweep));
      const foreseen: RunFilter = { op: 'eq', field: field('column:foreseen'), value: true };
      const query = { project: sweep.project, filter: { op: 'and' as const, of: [foreseen, ofSweep(sweep.id)] }, orders: [] };
      expect((await store().runs.query(query, { start: 0, limit: 10 })).items.map(({ trialNumber }) => trialNumber)).toHaveLength(1);
      expect(await store().runs.count(sweep.project, { op: 'and', of: [{ op: 'not', of: foreseen }, ofSweep(sweep.id)] })).toBe(2);
    });

    it('finds runs that say they belong to a sweep by that sweep', async () => {
      const sweep = await newSweep(store());
      const user = (await store().keys.createUser({ id: userId(freshId()), name: freshId(), admin: false }))!.id;
      const wish = { project: sweep.project, handle: freshId(), user, name: 'n', state: 'running' as const, sweep: sweep.id };
      const { record } = await store().runs.ensure(wish);
      expect(record).toMatchObject({ sweep: sweep.id, trial: null, state: 'running' });
      expect(await store().runs.count(sweep.project, ofSweep(sweep.id))).toBe(1);
    });

    it('knows the state of a trial, and what an agent measured', async () => {
      const { trial, sweep } = await running(store());
      const { project } = (await store().runs.record(trial.id))!;
      const running1: RunFilter = {
        op: 'and',
        of: [
          { op: 'eq', field: field('column:state'), value: 'running' },
          { op: 'eq', field: field('column:sweep'), value: sweep.id },
        ],
      };
      expect((await store().runs.query({ project, filter: running1, orders: [] }, { start: 0, limit: 10 })).items).toMatchObject([
        { id: trial.id, trialState: 'running' },
      ]);
      expect((await store().runs.query({ project: projectId('none'), filter: running1, orders: [] }, { start: 0, limit: 10 })).total).toBe(
        0,
      );
      await store().metrics.append([{ run: trial.id, attempt: 1, batch: { sequence: 1, series: [series('loss', [3, 0.5])] } }]);
      const below = async (value: number) =>
        (await store().runs.count(project, {
          op: 'and',
          of: [running1, { op: 'lt', field: field('summary:loss'), value }],
        })) === 1;
      expect([await below(1), await below(0.5)]).toEqual([true, false]);
      // What the program says of itself comes before what was measured.
      await store().runs.change(trial.id, () => ({ summary: '{"loss":9}' }));
      expect(await below(1)).toBe(false);
    });
  });
}

function alerts(open: () => Promise<OpenStore>): void {
  describe('alerts', () => {
    const store = openOnce(open);

    it('are kept, and held back while an earlier one with their title asks for silence', async () => {
      const { id: run } = await newRun(store());
      const alert = { run, title: 'low accuracy', text: 't', level: 'warn' as const, silenceMs: 60_000 };
      const raised = await Promise.all(Array.from({ length: 4 }, () => store().alerts.raise(alert, 0)));
      expect(raised.filter(({ silenced }) => !silenced)).toHaveLength(1);
      expect(await store().alerts.raise({ ...alert, title: 'another' }, 0)).toMatchObject({ silenced: false, level: 'warn' });
      expect((await store().alerts.list(run)).map(({ title }) => title)).toEqual([...Array<string>(4).fill('low accuracy'), 'another']);
    });

    it('that repeat one in every word soon after it are that one, many at once too', async () => {
      const { id: run } = await newRun(store());
      const alert = { run, title: 'low', text: 'it is low', level: 'warn' as const, silenceMs: 0 };
      const first = await store().alerts.raise(alert, 60_000);
      const again = await Promise.all(Array.from({ length: 4 }, () => store().alerts.raise(alert, 60_000)));
      expect(again).toEqual(Array<typeof first>(4).fill(first));
      const others = [
        { ...alert, text: 'it is lower' },
        { ...alert, level: 'error' as const },
        { ...alert, silenceMs: 1 },
      ];
      for (const other of others) expect((await store().alerts.raise(other, 60_000)).id).not.toBe(first.id);
      expect((await store().alerts.raise(alert, 0)).id).not.toBe(first.id);
      expect(await store().alerts.list(run)).toHaveLength(5);
    });
  });
}
