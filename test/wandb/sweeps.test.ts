/**
 * Sweeps by the real client: its command line, its agents of both kinds, and ours beside them. That they go on when the controller is
 * killed is tried in test/chaos.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../support/cluster.js';
import { type Fault, faultyProxy } from '../support/faulty-proxy.js';
import { processesWith } from '../support/processes.js';
import { pythonPackage } from '../support/python-package.js';
import { until } from '../support/until.js';
import type { Wandb } from '../support/wandb-client.js';
import { withWandb } from '../support/wandb-cluster.js';

const programs = fileURLToPath(new URL('./programs', import.meta.url));

let cluster: Cluster;
let wandb: Wandb;
let environment: string;

withWandb(
  (given) => {
    ({ cluster, wandb, environment } = given);
  },
  // The lease of a W&B agent lasts four times as long: some of its heartbeats, on a machine that is busy with several of them.
  { settings: { SWEEP_LEASE_TTL: '5s', SWEEP_AGENT_SILENCE: '15s' } },
);

const grid = (values: readonly number[], more = ''): string => `program: ${join(programs, 'sweep_train.py')}
method: grid
metric: {name: loss, goal: minimize}
parameters:
  x: {values: [${values.join(', ')}]}
${more}`;

/** Made by the client; its path. */
async function sweep(name: string, file: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = join(cluster.folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'sweep.yaml'), file);
  const { output } = await wandb.command(['sweep', '--project', name, join(folder, 'sweep.yaml')], { env });
  return pathIn(output)!;
}

const pathIn = (output: string): string | undefined => /wandb agent (\S+\/\S+\/[a-z0-9]{8})/.exec(output)?.[1];

/** Several clients share the machine. */
const patienceMs = 120_000;

const idOf = (path: string): string => path.split('/').at(-1)!;
const agent = (path: string, env: Readonly<Record<string, string>> = {}) =>
  wandb.beginCommand(['agent', path], {
    env: { WANDB_AGENT_DISABLE_FLAPPING: 'true', PATH: `${environment}/bin:${process.env['PATH']}`, ...env },
  });
const running = (path: string) =>
  until(async () => (await cluster.trials(idOf(path))).find(({ state, objective }) => state === 'running' && objective !== null), {
    what: 'a trial to run',
    withinMs: patienceMs,
  });
const listed = async (path: string) =>
  (await cluster.trials(idOf(path))).map(({ number, state, params, objective }) => ({ number, state, x: params['x'], objective }));

/** For PYTHONPATH: what the client's own searches need. They want an older numpy than the client, which not every Python has. */
async function searchPackages(): Promise<string | { readonly skip: string }> {
  const folders: string[] = [];
  for (const [name, version] of [
    ['sweeps', '0.3.0'],
    ['optuna', '5.0.0'],
  ] as const) {
    const folder = await pythonPackage({ name, version, cache: name });
    if (typeof folder !== 'string') return { skip: folder.skip.replace(/^python:/, 'searches:') };
    folders.push(folder);
  }
  return folders.join(delimiter);
}

// At the same time, each with a sweep of its own: most of it is waiting for heartbeats and for what is being flushed.
describe.concurrent('the real client', () => {
  describe('wandb sweep', () => {
    it('prints everything that is wrong with a file, once, and makes nothing', async () => {
      const file = join(cluster.folder, 'wrong.yaml');
      await writeFile(file, 'program: train.py\nmethod: bayez\nmetric: {name: loss, goal: minimize}\nparameters:\n  x: {min: 3, max: 1}\n');
      const { output } = await wandb.command(['sweep', '--project', 'wrong', file], { code: 1 });
      expect(output.match(/Invalid sweep config/g)).toHaveLength(1);
      expect(output).toMatch(/bayez.*is not less than/s);
      expect((await cluster.client.listSweeps({ limit: 100 })).items.filter(({ path }) => path.includes('/wrong/'))).toEqual([]);
    });

    it('pauses, resumes and stops', async () => {
      const path = await sweep('states', grid([0.1, 0.2]));
      const state = async () => (await cluster.client.getSweep(idOf(path))).state;
      await wandb.command(['sweep', '--pause', path]);
      expect(await state()).toBe('paused');
      await wandb.command(['sweep', '--resume', path]);
      expect(await state()).toBe('running');
      await wandb.command(['sweep', '--stop', path]);
      expect(await state()).toBe('completed');
      const { output } = await wandb.command(['agent', path], { code: 1 });
      expect(output).toContain('resume it before you start an agent');
    });

    it('cancels what runs', async () => {
      const path = await sweep('cancelled', grid([0.9, 0.8]));
      const worker = agent(path);
      await running(path);
      await wandb.command(['sweep', '--cancel', path]);
      await cluster.finished(idOf(path), patienceMs);
      expect(await worker.ended).toBe(0);
      expect((await listed(path)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    });
  });

  describe('wandb agent', () => {
    it('works through a grid, two at once, and leaves when it is done', async () => {
      const path = await sweep('grid', grid([0.1, 0.2, 0.3, 0.4]));
      const workers = [agent(path), agent(path)];
      expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0]);
      const done = await cluster.finished(idOf(path), patienceMs);
      expect(done).toMatchObject({ state: 'completed', reason: 'exhausted', best: { value: 0.1 } });
      expect(await listed(path)).toEqual([0.1, 0.2, 0.3, 0.4].map((x, at) => ({ number: at + 1, state: 'completed', x, objective: x })));
    });

    it('fails the trial of a program that cannot start', async () => {
      const path = await sweep('unstartable', grid([0.1]).replace('sweep_train', 'there_is_no_such_program'));
      expect(await agent(path).ended).toBe(0);
      expect((await cluster.trials(idOf(path))).map(({ state, reason }) => [state, reason])).toEqual([
        ['failed', expect.stringContaining('never said that the program runs')],
      ]);
    });

    it('on a connection that fails runs everything once, in the one sweep that was made', async () => {
      const lost = (of: RegExp, seen: Fault['seen'], answered?: RegExp): Fault => ({
        ...{ of, seen, reaches: true },
        ...(answered === undefined ? {} : { answered }),
      });
      const refused = (of: RegExp, seen: Fault['seen']): Fault => ({ of, seen, reaches: false });
      const proxy = await faultyProxy(cluster.url, [
        refused(/mutation UpsertSweep/, 500),
        lost(/mutation UpsertSweep/, 'cut'),
        refused(/mutation CreateAgent/, 429),
        lost(/mutation CreateAgent/, 'cut'),
        lost(/mutation Heartbeat/, 'cut', /type\\":\\"run/),
        // Of the heartbeat that is sent again, too: the next comes too late to be taken for a repetition.
        lost(/mutation Heartbeat/, 503, /type\\":\\"run/),
        lost(/mutation Heartbeat/, 500, /exit/),
      ]);
      const env = { WANDB_BASE_URL: proxy.url };
      try {
        const path = await sweep('unsteady', grid([0.1, 0.2]), env);
        expect(await agent(path, env).ended).toBe(0);
        expect(await cluster.finished(idOf(path), patienceMs)).toMatchObject({ state: 'completed', counts: { completed: 2, failed: 0 } });
        expect((await cluster.client.listSweeps({ limit: 100 })).items.filter(({ path: of }) => of.includes('/unsteady/'))).toHaveLength(1);
        for (const { id } of await cluster.trials(idOf(path))) {
          const { items: attempts } = await cluster.client.trialAttempts(id);
          expect(attempts.map(({ run, detail }) => [run, detail])).toEqual([[id, 'exit code 0']]);
        }
        expect((await wandb.program('sweep_read', { args: [path] })).told).toMatchObject({ runs: [0.1, 0.2] });
        expect(proxy.left()).toEqual([]);
      } finally {
        proxy.stop();
      }
    });

    it('that is killed with its program gives its trial to another, which writes to a run of its own', async () => {
      const path = await sweep('killed', grid([0.1, 0.2]));
      const first = agent(path, { LINGER: '1' });
      const lost = await running(path);
      first.kill('SIGKILL');
      const second = agent(path);
      expect(await second.ended).toBe(0);
      expect((await cluster.finished(idOf(path), patienceMs)).counts).toMatchObject({ completed: 2 });
      const { items: attempts } = await cluster.client.trialAttempts(lost.id);
      expect(attempts).toHaveLength(2);
      expect(attempts[0]!.run).toBe(lost.id);
      expect(attempts[1]!.run).not.toBe(lost.id);
      // Nobody is left to stop the program but the answers to what it reports.
      const orphan = `WANDB_RUN_ID=${lost.id}`;
      await until(() => processesWith(orphan).length === 0, { what: 'the orphaned program to end', withinMs: patienceMs });
    });

    it('shares a sweep with an agent of ours', async () => {
      const path = await sweep('shared', grid([0.1, 0.2, 0.3, 0.4]));
      const theirs = agent(path);
      // Ours begins within a moment, and would have done all of it before theirs has come.
      await until(async () => (await cluster.trials(idOf(path))).some(({ state }) => state !== 'queued'), {
        what: 'their agent to begin',
        withinMs: patienceMs,
      });
      const ours = cluster.startAgent({ args: [idOf(path)], env: { PATH: `${environment}/bin:${process.env['PATH']}` } });
      await cluster.finished(idOf(path), patienceMs);
      expect(await theirs.ended).toBe(0);
      expect((await listed(path)).map(({ state, objective }) => [state, objective])).toEqual(
        [0.1, 0.2, 0.3, 0.4].map((x) => ['completed', x]),
      );
      const attempts = await Promise.all((await cluster.trials(idOf(path))).map(({ id }) => cluster.client.trialAttempts(id)));
      expect(new Set(attempts.flatMap(({ items }) => items.map(({ agent: holder }) => holder))).size).toBe(2);
      await ours.ended;
    });

    it('ends trials that are not worth finishing, which say so themselves', async () => {
      const path = await sweep('pruned', grid([0.1, 0.2, 0.6, 0.7], 'early_terminate: {type: hyperband, max_iter: 4, s: 1, eta: 2}\n'));
      expect(await agent(path).ended).toBe(0);
      expect(await listed(path)).toMatchObject([
        { state: 'completed', objective: 0.1 },
        { state: 'completed', objective: 0.2 },
        { state: 'pruned', objective: 0.6 },
        { state: 'pruned', objective: 0.7 },
      ]);
    });
  });

  describe('wandb sweep, once there are runs', () => {
    it('takes over earlier runs, changes its file, and gives a preempted run back to the same run', async () => {
      const file = grid([0.1, 0.2]).replace('sweep_train.py', 'sweep_preempted.py');
      const folder = join(cluster.folder, 'later');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'sweep.yaml'), file);
      const path = await sweep('later', file);
      const worker = agent(path, { MARKERS: folder });
      expect(await worker.ended).toBe(0);
      expect((await cluster.finished(idOf(path), patienceMs)).state).toBe('completed');
      expect(await listed(path)).toEqual([0.1, 0.2].map((x, at) => ({ number: at + 1, state: 'completed', x, objective: x / 2 })));
      const first = (await cluster.trials(idOf(path)))[0]!;
      const { items: attempts } = await cluster.client.trialAttempts(first.id);
      expect(attempts.map(({ run, detail }) => [run, detail])).toEqual([
        [first.id, expect.stringContaining('preempted')],
        [first.id, 'exit code 0'],
      ]);

      // A grid that knows the first point by an earlier run has one left.
      const { output } = await wandb.command(['sweep', '--project', 'later', '--prior_run', first.id, join(folder, 'sweep.yaml')]);
      const second = pathIn(output)!;
      await writeFile(join(folder, 'changed.yaml'), `${file}description: changed\n`);
      await wandb.command(['sweep', '--project', 'later', '--update', second, join(folder, 'changed.yaml')]);
      expect((await cluster.client.getSweep(idOf(second))).config).toContain('description: changed');
      expect(await agent(second, { MARKERS: folder }).ended).toBe(0);
      expect((await listed(second)).map(({ x }) => x)).toEqual([0.2]);
    });
  });

  describe('a search on the side of the user', () => {
    const file = (method: string, more: string) =>
      grid([0.1, 0.2, 0.6]).replace('method: grid', `method: ${method}`).replace('values: [0.1, 0.2, 0.6]', more);
    let installed: ReturnType<typeof searchPackages> | undefined;
    /** Once, whoever is the first. */
    const packages = () => {
      installed ??= searchPackages();
      return installed;
    };
    const beginSearch = (args: readonly string[], searches: string) =>
      wandb.beginCommand(args, { env: { PYTHONPATH: searches, PYTHONWARNINGS: 'ignore' } });

    it('by `wandb sweep-scheduler` and Optuna gets its points tried, up to its cap', async ({ skip }) => {
      const searches = await packages();
      if (typeof searches !== 'string') return skip(searches.skip);
      const path = await sweep('scheduled', file('custom', 'min: 0.1, max: 0.4') + 'run_cap: 2\nscheduler: {engine: optuna}\n');
      const scheduler = beginSearch(['sweep-scheduler', '--batch-size', '1', '--poll-interval', '1', path], searches);
      const worker = agent(path);
      expect(await scheduler.ended, scheduler.stderr()).toBe(0);
      expect((await cluster.finished(idOf(path), patienceMs)).state).toBe('completed');
      expect(await worker.ended).toBe(0);
      const done = (await cluster.trials(idOf(path))).filter(({ state }) => state === 'completed');
      expect(done.length).toBeGreaterThanOrEqual(2);
      for (const { params, objective } of done) expect(objective).toEqual(params['x']);
    });

    it('by `wandb sweep-scheduler` and the engine of W&B goes through a grid, of which ours may have begun some', async ({ skip }) => {
      const searches = await packages();
      if (typeof searches !== 'string') return skip(searches.skip);
      const path = await sweep('engine', grid([0.1, 0.2], 'scheduler: {engine: wandb}\n'));
      const scheduler = beginSearch(['sweep-scheduler', '--batch-size', '2', '--poll-interval', '1', path], searches);
      const worker = agent(path);
      expect(await scheduler.ended, scheduler.stderr()).toBe(0);
      await cluster.finished(idOf(path), patienceMs);
      expect(await worker.ended).toBe(0);
      const done = await listed(path);
      expect(new Set(done.map(({ x }) => x))).toEqual(new Set([0.1, 0.2]));
      for (const { state, x, objective } of done) expect([state, objective]).toEqual(['completed', x]);
    });

    it('by `wandb sweep --controller` schedules, stops early, and ends the sweep', async ({ skip }) => {
      const searches = await packages();
      if (typeof searches !== 'string') return skip(searches.skip);
      const early = 'early_terminate: {type: hyperband, max_iter: 4, s: 1, eta: 2}\n';
      const local = join(cluster.folder, 'local.yaml');
      await writeFile(local, grid([0.1, 0.2, 0.6], early));
      const controller = beginSearch(['sweep', '--controller', '--project', 'controlled', local], searches);
      const path = await until(() => pathIn(controller.stdout() + controller.stderr()), { what: 'the sweep', withinMs: patienceMs });
      expect(await agent(path).ended).toBe(0);
      expect(await controller.ended, controller.stderr()).toBe(0);
      expect(await cluster.finished(idOf(path), patienceMs)).toMatchObject({
        state: 'completed',
        reason: 'exhausted',
        best: { value: 0.1 },
      });
      expect(await listed(path)).toMatchObject([
        { state: 'completed', objective: 0.1 },
        { state: 'completed', objective: 0.2 },
        { state: 'pruned', objective: 0.6 },
      ]);
    });
  });

  describe('wandb.agent with a function', () => {
    const metric = { name: 'loss', goal: 'minimize' };
    interface Told {
      readonly sweep: string;
      readonly runs: readonly (readonly [state: string, x: number, loss: number])[];
      readonly best: number;
    }
    const work = async (config: object): Promise<Told> =>
      (await wandb.program('sweep_function', { args: [JSON.stringify(config)] })).told as Told;

    it.each(['random', 'bayes'])('works through a %s search up to its cap', async (method) => {
      const told = await work({ method, metric, parameters: { x: { min: 0.1, max: 0.5 } }, run_cap: 3 });
      expect(told).toMatchObject({ state: 'FINISHED', expected: 3, agents: 1 });
      expect(told.runs).toHaveLength(3);
      for (const [state, x, loss] of told.runs) expect([state, loss]).toEqual(['finished', x]);
      expect(told.best).toBe(Math.min(...told.runs.map(([, , loss]) => loss)));
    });

    it('ends trials that are not worth finishing by its own command', async () => {
      const told = await work({
        method: 'grid',
        metric,
        parameters: { x: { values: [0.1, 0.2, 0.6, 0.7] } },
        early_terminate: { type: 'hyperband', max_iter: 4, s: 1, eta: 2 },
      });
      expect(told.runs).toEqual([
        ['finished', 0.1, 0.1],
        ['finished', 0.2, 0.2],
        ['killed', 0.6, 0.6],
        ['killed', 0.7, 0.7],
      ]);
      expect((await cluster.trials(told.sweep)).map(({ state }) => state)).toEqual(['completed', 'completed', 'pruned', 'pruned']);
    });
  });
});
