import { agentId, Invalid, leaseId, NotFound, runId, type Sweep } from '@sweep/domain';
import { float } from '@sweep/optimizer';
import { afterEach, describe, expect, it } from 'vitest';
import { type EngineFixture, end, eventually, openEngine, ready } from '../../../testing/engine-fixture.js';
import { wandbAttempt } from './agent-id.js';

const grid = (values: readonly number[], more = ''): string =>
  `program: train.py\nmethod: grid\nmetric: {name: loss, goal: minimize}\nparameters: {x: {values: [${values.join(', ')}]}}\n${more}`;

let opened: EngineFixture[] = [];
afterEach(async () => {
  await Promise.all(opened.map((fixture) => fixture.close()));
  opened = [];
});

async function open(times: Parameters<typeof openEngine>[0] = {}): Promise<EngineFixture> {
  const fixture = await openEngine(times);
  opened.push(fixture);
  return fixture;
}

interface Command {
  readonly type: string;
  readonly run_id?: string;
  readonly program?: string;
  readonly args?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** One agent as its client plays it. */
async function worker({ engine, store }: EngineFixture, sweep: Sweep) {
  const { id } = await engine.wandbAgents.create(sweep, 'box', 'wandb-test');
  return {
    id,
    beat: async (...live: readonly string[]) => JSON.parse(await engine.wandbAgents.heartbeat(id, live)) as readonly Command[],
    /** The run that it is told to start. */
    async run(): Promise<string> {
      const [command] = JSON.parse(await engine.wandbAgents.heartbeat(id, [])) as readonly Command[];
      if (command?.type !== 'run') throw new Error(`no run: ${JSON.stringify(command)}`);
      return command.run_id!;
    },
    /** As if it had been told so long ago that a heartbeat is no repetition. */
    async toldLongAgo(): Promise<void> {
      const { preempting: _preempting, ...told } = (await store.assignments.find(id))!;
      await store.assignments.put(id, { ...told, handedOutAt: told.handedOutAt - 5_000 });
    },
  };
}

async function log({ store }: EngineFixture, run: string, value: number): Promise<void> {
  const attempt = (await store.attempts.findByRun(runId(run)))!;
  const series = [{ name: 'loss', steps: Float64Array.of(0), values: Float64Array.of(value), times: Float64Array.of(1.79e12) }];
  await store.metrics.append([{ run: attempt.run, attempt: attempt.number, batch: { sequence: attempt.pointSequence + 1, series } }]);
}

async function says(fixture: EngineFixture, run: string, exitCode: number, value: number | null = 1): Promise<void> {
  if (value !== null) await log(fixture, run, value);
  await fixture.engine.wandbAgents.ended({ id: runId(run), exitCode });
}

const ends = async (fixture: EngineFixture, sweep: Sweep) =>
  (await fixture.trials(sweep.id)).map(({ state, cause, values }) => [state, cause ?? values[0] ?? null]);

describe('a W&B agent', () => {
  it('gets each trial once and is told to leave when there is none', async () => {
    const fixture = await open();
    const sweep = await fixture.create(grid([0.1, 0.2]));
    const { beat } = await worker(fixture, sweep);
    const [first] = await beat();
    expect(first).toMatchObject({ type: 'run', program: 'train.py', args: { x: { value: 0.1 } } });
    expect(await beat(first!.run_id!)).toEqual([]);
    await says(fixture, first!.run_id!, 0, 3);
    // It may still be named while its process goes.
    expect(await beat(first!.run_id!)).toEqual([]);
    const [second] = await beat();
    expect(second).toMatchObject({ type: 'run', args: { x: { value: 0.2 } } });
    await says(fixture, second!.run_id!, 0, 2);
    await fixture.reaches(sweep.id, 'completed');
    expect(await beat()).toEqual([{ type: 'exit' }]);
    expect(await ends(fixture, sweep)).toEqual([
      ['completed', 3],
      ['completed', 2],
    ]);
  });

  it('is told the same again when its heartbeat is repeated, and holds one trial whatever comes at once', async () => {
    const fixture = await open();
    const sweep = await fixture.create(grid([0.1, 0.2]));
    const { id, beat, run } = await worker(fixture, sweep);
    const answers = await Promise.all([run(), run(), run()]);
    expect(new Set(answers).size).toBe(1);
    expect(await fixture.store.trials.heldBy(id)).toHaveLength(1);
    expect(await beat(answers[0]!)).toEqual([]);
  });

  it('whose run goes without a word has it failed, and gets the next', async () => {
    const fixture = await open();
    const sweep = await fixture.create(grid([0.1, 0.2]));
    const { beat, run } = await worker(fixture, sweep);
    await beat(await run());
    expect(await beat()).toMatchObject([{ type: 'run', args: { x: { value: 0.2 } } }]);
    expect((await ends(fixture, sweep))[0]).toEqual(['failed', 'signal']);
  });

  it('whose program never shows is told of it once more, then has the trial failed', async () => {
    const fixture = await open();
    const sweep = await fixture.create(grid([0.1, 0.2]));
    const { beat, run, toldLongAgo } = await worker(fixture, sweep);
    const first = await run();
    await toldLongAgo();
    expect(await beat()).toEqual([]);
    expect(await beat()).toMatchObject([{ type: 'run', run_id: first }]);
    expect(await beat()).toEqual([]);
    expect(await beat()).toMatchObject([{ type: 'run', args: { x: { value: 0.2 } } }]);
    expect((await ends(fixture, sweep))[0]).toEqual(['failed', 'start-failed']);
  });

  it('whose program failed has the trial failed', async () => {
    const fixture = await open();
    const sweep = await fixture.create(grid([0.1]));
    const { run } = await worker(fixture, sweep);
    await says(fixture, await run(), 3);
    expect(await ends(fixture, sweep)).toEqual([['failed', 'exit']]);
  });

  it.each(['says so at its end', 'goes without a word'])(
    'whose machine is about to go gives its trial back, to the same run, when it %s',
    async (how) => {
      const fixture = await open();
      const sweep = await fixture.create(grid([0.1]));
      const { beat, run } = await worker(fixture, sweep);
      const first = await run();
      await beat(first);
      await fixture.engine.wandbAgents.preempting(runId(first));
      if (how === 'says so at its end') await says(fixture, first, 1);
      else await beat();
      const again = await eventually(async () => (await beat())[0], 'the trial to be handed out again');
      expect(again).toMatchObject({ type: 'run', run_id: first });
      expect(await fixture.store.runs.record(runId(first))).toMatchObject({ attempt: 2, historyLines: 0 });
    },
  );

  it('that falls silent loses its trial; the next one writes to another run, whose result counts', async () => {
    const fixture = await open({ ttlMs: 50 });
    const sweep = await fixture.create(grid([0.1], 'disconnect: {lost_after: 0.01}\n'));
    const silent = await worker(fixture, sweep);
    const lost = await silent.run();
    await fixture.reaches(sweep.id, 'running');
    await eventually(async () => ((await fixture.trials(sweep.id))[0]?.state === 'queued' ? true : undefined), 'the lease to run out');
    await fixture.store.agents.move(silent.id, ['online'], 'lost', null);
    const { run } = await worker(fixture, sweep);
    const fresh = await run();
    expect(fresh).not.toBe(lost);
    expect(await fixture.store.runs.record(runId(fresh))).toMatchObject({ trial: lost, attempt: 2, sweep: sweep.id });
    await says(fixture, fresh, 0, 7);
    expect(await fixture.engine.wandbAgents.isOutdated(runId(lost))).toBe(true);
    expect(await ends(fixture, sweep)).toEqual([['completed', 7]]);
    // What the first one says late changes nothing.
    await says(fixture, lost, 0, 1);
    expect(await ends(fixture, sweep)).toEqual([['completed', 7]]);
  });

  it('that was just given such a trial and was not told yet is not taken for who still writes to the first run', async () => {
    const fixture = await open({ ttlMs: 50 });
    const { store } = fixture;
    const sweep = await fixture.create(grid([0.1], 'disconnect: {lost_after: 0.01}\n'));
    const silent = await worker(fixture, sweep);
    const lost = await silent.run();
    await eventually(async () => ((await fixture.trials(sweep.id))[0]?.state === 'queued' ? true : undefined), 'the lease to run out');
    const next = await worker(fixture, sweep);
    const wish = { agent: next.id, slot: 0, lease: leaseId('f'.repeat(32)), ttlMs: 60_000, pool: sweep.pool, among: [sweep.id] };
    const leased = await store.trials.lease({ ...wish, key: null, alone: true });
    expect(leased?.attempt).toMatchObject({ number: 2, run: lost });
    expect(await wandbAttempt(store, runId(lost))).toMatchObject({ number: 1 });
    await says(fixture, lost, 1, null);
    expect((await store.attempts.list(leased!.trial.id)).map(({ end }) => end?.exitCode ?? null)).toEqual([1, null]);
    expect((await fixture.trials(sweep.id))[0]).toMatchObject({ state: 'running', attempt: 2 });
  });

  it('that comes back with its run before anybody took it over keeps it', async () => {
    const fixture = await open({ ttlMs: 50 });
    const sweep = await fixture.create(grid([0.1], 'disconnect: {lost_after: 0.01}\n'));
    const { beat, run } = await worker(fixture, sweep);
    const own = await run();
    await eventually(async () => ((await fixture.trials(sweep.id))[0]?.state === 'queued' ? true : undefined), 'the lease to run out');
    expect(await fixture.engine.wandbAgents.isOutdated(runId(own))).toBe(false);
    expect(await beat(own)).toEqual([]);
    expect((await fixture.trials(sweep.id))[0]).toMatchObject({ state: 'running', attempt: 1 });
    await says(fixture, own, 0, 4);
    expect(await ends(fixture, sweep)).toEqual([['completed', 4]]);
  });

  it('waits while its sweep is paused, and while it drains', async () => {
    const fixture = await open();
    const sweep = await fixture.create(grid([0.1, 0.2]));
    const { id, beat } = await worker(fixture, sweep);
    await fixture.engine.sweeps.command(sweep.id, 'pause');
    expect(await beat()).toEqual([]);
    await fixture.engine.sweeps.command(sweep.id, 'resume');
    await fixture.engine.agents.drain(id, 'enough');
    expect(await beat()).toEqual([]);
    await fixture.engine.agents.resume(id);
    expect(await beat()).toMatchObject([{ type: 'run' }]);
  });

  it('leaves after its run when the sweep is stopped, and at once when it is cancelled', async () => {
    const fixture = await open();
    const stopped = await fixture.create(grid([0.1, 0.2]));
    const first = await worker(fixture, stopped);
    const own = await first.run();
    await fixture.engine.sweeps.command(stopped.id, 'stop');
    expect(await first.beat(own)).toEqual([]);
    await says(fixture, own, 0);
    expect(await first.beat()).toEqual([{ type: 'exit' }]);

    const cancelled = await fixture.create(grid([0.1, 0.2]));
    const second = await worker(fixture, cancelled);
    const other = await second.run();
    await fixture.engine.sweeps.command(cancelled.id, 'cancel');
    expect(await second.beat(other)).toEqual([{ type: 'exit' }]);
    await fixture.reaches(cancelled.id, 'cancelled');
  });

  it('is told to stop a trial at once only where it calls a function: other programs hear it another way', async () => {
    const fixture = await open();
    for (const [file, commands] of [
      [grid([0.1]), []],
      [grid([0.1]).replace('program: train.py\n', ''), [{ type: 'stop' }]],
      [grid([0.1]).replace('program: train.py\n', 'command: [./run.sh]\n'), []],
    ] as const) {
      const sweep = await fixture.create(file);
      const { beat, run } = await worker(fixture, sweep);
      const own = await run();
      await beat(own);
      const [trial] = await fixture.trials(sweep.id);
      await fixture.engine.trials.cancel(trial!, 'enough');
      expect(await beat(own)).toMatchObject(commands);
      await says(fixture, own, 1);
      expect(await ends(fixture, sweep)).toEqual([['cancelled', 1]]);
    }
  });

  it('has what its program put only into its summary counted', async () => {
    const fixture = await open();
    const sweep = await fixture.create(grid([0.1]));
    const { run } = await worker(fixture, sweep);
    const id = runId(await run());
    await fixture.store.runs.change(id, () => ({ summary: '{"loss":0.25,"other":NaN}' }));
    await fixture.engine.wandbAgents.ended({ id, exitCode: 0 });
    expect(await ends(fixture, sweep)).toEqual([['completed', 0.25]]);
  });

  it.each([
    ['last', 1],
    ['best', 1],
  ])('C112 whose program says another value in its summary than it logged has that as its %s value', async (value, counted) => {
    const fixture = await open();
    const sweep = await fixture.create(grid([0.1]).replace('goal: minimize', `goal: minimize, value: ${value}`));
    const { run } = await worker(fixture, sweep);
    const id = await run();
    await fixture.store.runs.change(runId(id), () => ({ summary: '{"loss":1}' }));
    await says(fixture, id, 0, 5);
    expect(await ends(fixture, sweep)).toEqual([['completed', counted]]);
  });

  it('shares a sweep with an agent of ours', async () => {
    const fixture = await open();
    const sweep = await fixture.create(grid([0.1, 0.2]));
    const { run, beat } = await worker(fixture, sweep);
    const own = await run();
    const ours = await fixture.agent({ sweepId: sweep.id });
    await ready(ours, 0);
    const grant = await ours.next('grant');
    expect(grant.trialId).not.toBe(own);
    await says(fixture, own, 0, 3);
    await end(ours, grant, 1, 0);
    // A machine that has run nothing well may be why: the other one tries it too.
    const again = await eventually(async () => (await beat())[0]?.run_id, 'the trial to be tried elsewhere');
    expect(again).toBe(grant.trialId);
    await says(fixture, again, 0, 2);
    await fixture.reaches(sweep.id, 'completed');
    expect(await beat()).toEqual([{ type: 'exit' }]);
    expect((await ends(fixture, sweep)).map(([state]) => state)).toEqual(['completed', 'completed']);
  });

  it('is given our points until a search of its own side asks for some, and those alone from then on', async () => {
    const fixture = await open();
    const file =
      'program: t.py\nmethod: random\nscheduler: {engine: wandb}\nmetric: {name: loss, goal: minimize}\nparameters: {x: {min: 0.0, max: 1.0}}\n';
    const sweep = await fixture.create(file);
    const { run, beat } = await worker(fixture, sweep);
    await says(fixture, await run(), 0);
    await says(fixture, await run(), 0);
    await fixture.engine.sweeps.enqueue(sweep.id, [{ x: float(0.25) }, { x: float(0.75) }]);
    const ours = async () => (await fixture.trials(sweep.id)).filter(({ origin }) => origin === 'sampler').length;
    const before = await ours();
    for (let [command] = await beat(); command !== undefined; [command] = await beat()) await says(fixture, command.run_id!, 0);
    expect(await ours()).toBe(before);
    expect((await fixture.trials(sweep.id)).filter(({ origin }) => origin === 'enqueued').map(({ state }) => state)).toEqual([
      'completed',
      'completed',
    ]);
    expect((await fixture.store.sweeps.find(sweep.id))!.state).toBe('running');
  });

  it('that is unknown, or of a sweep that is gone, is told so', async () => {
    const fixture = await open();
    await expect(fixture.engine.wandbAgents.heartbeat(agentId('wandb-nobody'), [])).rejects.toThrow(NotFound);
    const sweep = await fixture.create(grid([0.1]));
    const { beat } = await worker(fixture, sweep);
    await fixture.engine.sweeps.command(sweep.id, 'cancel');
    await fixture.reaches(sweep.id, 'cancelled');
    await expect(worker(fixture, (await fixture.store.sweeps.find(sweep.id))!)).rejects.toThrow(Invalid);
    await fixture.engine.sweeps.remove(sweep.id);
    await expect(beat()).rejects.toThrow(NotFound);
  });
});
