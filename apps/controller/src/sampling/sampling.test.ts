import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentId, applyTrialEvent, knownPlace, leaseId, randomId, type Sweep, sweepId } from '@sweep/domain';
import { parseJson } from '@sweep/optimizer';
import { silentLogger } from '@sweep/runtime';
import { openMemory, type Store } from '@sweep/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dyingProgram, samplerProgram } from '../../testing/thread-programs.js';
import { Specs } from '../specs.js';
import { Proposer } from './proposer.js';
import { Sampling } from './sampling.js';

const config = `program: t
method: bayes
metric: {name: loss, goal: minimize}
parameters: {x: {min: 0.0, max: 1.0}, k: {distribution: q_uniform, min: 0, max: 8}}
`;

let store: Store;
const open: Sampling[] = [];
let folder: string;
beforeEach(async () => {
  store = openMemory();
  folder = await mkdtemp(join(tmpdir(), 'sweep-sampling-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((sampling) => sampling.close()));
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function start(program: URL, threads = 1): Sampling {
  const sampling = new Sampling({ store, threads, program, log: silentLogger });
  open.push(sampling);
  return sampling;
}

let last = 0;
const random = (length: number): Uint8Array => Uint8Array.from({ length }, () => (last = (last * 31 + 17) % 251));

async function newSweep(change: { readonly config?: string; readonly seed?: bigint } = {}): Promise<Sweep> {
  const project = await store.projects.ensure('ada', 'digits');
  const id = sweepId(randomId(8, random));
  const rest = { name: 'a sweep', priority: 0, parallel: null, runCap: null, priorRuns: [], priors: [], createdBy: null };
  return store.sweeps.create({ id, project: project.id, config, seed: 7n, pool: id, ...rest, ...change });
}

/** One step of the sweep, stored. Answers the new params as text, renewed ones first. */
async function step(sampling: Sampling, id: Sweep['id'], count: number): Promise<readonly string[]> {
  const sweep = (await store.sweeps.find(id))!;
  const trials = (await store.searchLog.trials(id, { limit: 1, cursor: null })).total;
  const proposer = new Proposer({ store, specs: new Specs(), sampling });
  const choice = await proposer.choose(sweep, count, trials);
  if (choice === null) return [];
  const made = await store.trials.propose(id, sweep.version, choice.trials, choice.step);
  if (made === null) throw new Error('somebody else was first');
  return [...choice.step.renewed, ...choice.trials].map(({ params }) => JSON.stringify(params));
}

/** Runs the queued trials with the lowest numbers; the loss is a function of their params. */
async function run(sweep: Sweep, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const request = {
      agent: agentId('box'),
      slot: 0,
      lease: leaseId(randomId(12, random)),
      ttlMs: 1e6,
      pool: sweep.pool,
      among: null,
      key: null,
    };
    const { trial } = (await store.trials.lease(request))!;
    const end = { exitCode: 0, signal: null, signalled: false, evidence: null, detail: 'exit code 0' };
    const value = ((trial.params['x'] as number) - 0.3) ** 2;
    const event = {
      kind: 'ended',
      lease: trial.lease!.id,
      end,
      measured: { values: [value], limits: [], curve: [] },
      logged: ['loss'],
    } as const;
    const outcome = applyTrialEvent(trial, event, { retry: null, objectives: ['loss'], now: await store.now(), place: knownPlace });
    if (outcome.kind !== 'moved' || (await store.trials.move(trial, outcome.move, { end })) === null) throw new Error('did not end');
  }
}

/** Twelve trials, one after the other. */
async function history(sampling: Sampling, sweep: Sweep): Promise<readonly string[]> {
  const all: string[] = [];
  for (let n = 0; n < 12; n++) {
    all.push(...(await step(sampling, sweep.id, 1)));
    await run(sweep, 1);
  }
  return all;
}

describe('samplers that learn', () => {
  it('propose from a log that only grows, and remember what each proposal was made from', async () => {
    const sweep = await newSweep();
    await history(start(await samplerProgram()), sweep);
    const { items } = await store.searchLog.trials(sweep.id, { limit: 50, cursor: null });
    expect(items.map(({ observed }) => observed)).toEqual([...Array.from({ length: 11 }, (_, index) => index + 1), null]);
    expect(items.map(({ proposal }) => proposal?.asOf)).toEqual(Array.from({ length: 12 }, (_, index) => index));
    expect(items.map(({ proposal }) => proposal?.index)).toEqual(Array.from({ length: 12 }, (_, index) => index));
    expect(items.at(-1)!.proposal).toMatchObject({ revision: 1, samplerVersion: expect.any(Number), detail: { near: expect.any(Array) } });
  });

  it('propose the same in a thread that never saw the sweep before', async () => {
    const program = await samplerProgram();
    const [one, two] = [await newSweep(), await newSweep()];
    const warm = await history(start(program), one);
    const cold: string[] = [];
    for (let n = 0; n < 12; n++) {
      cold.push(...(await step(start(program), two.id, 1)));
      await run(two, 1);
    }
    expect(cold).toEqual(warm);
  });

  it('propose the same while many sweeps crowd each other out, in any number of threads', async () => {
    const program = await samplerProgram();
    const alone = await newSweep();
    const wanted = await history(start(program), alone);
    const crowd = start(program, 3);
    const sweeps = await Promise.all(Array.from({ length: 20 }, () => newSweep()));
    const seen = sweeps.map((): string[] => []);
    for (let n = 0; n < 12; n++) {
      for (const [index, proposed] of (await Promise.all(sweeps.map(({ id }) => step(crowd, id, 1)))).entries())
        seen[index]!.push(...proposed);
      for (const sweep of sweeps) await run(sweep, 1);
    }
    expect(seen).toEqual(sweeps.map(() => wanted));
  });

  it('see prior results and trials that somebody else added', async () => {
    const sweep = await newSweep();
    const sampling = start(await samplerProgram());
    await store.trials.propose(sweep.id, sweep.version, [anEnqueued(0.25)], null);
    await step(sampling, sweep.id, 2);
    await run(sweep, 3);
    await step(sampling, sweep.id, 1);
    expect((await store.searchLog.observed(sweep.id, 0, 10)).map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(await sampling.recommend((await store.sweeps.find(sweep.id))!)).toBe(1);
  });

  it('keep whole floats whole on the way', async () => {
    const sweep = await newSweep();
    await step(start(await samplerProgram()), sweep.id, 3);
    for (const { params } of (await store.searchLog.trials(sweep.id, { limit: 9, cursor: null })).items) {
      expect(params).toMatch(/"k":\d\.0/);
      expect(parseJson(params)).toMatchObject({ k: { value: expect.any(Number) } });
    }
  });
});

describe('what matters in a sweep', () => {
  it.each(['bayes', 'random'])('is told in a thread of its own, also where no log is kept: %s', async (method) => {
    const sweep = await newSweep({ config: config.replace('bayes', method) });
    const sampling = start(await samplerProgram());
    const proposer = new Proposer({ store, specs: new Specs(), sampling });
    for (let n = 0; n < 9; n++) {
      const now = (await store.sweeps.find(sweep.id))!;
      const choice = (await proposer.choose(now, 1, n))!;
      await store.trials.propose(sweep.id, now.version, choice.trials, choice.step);
      await run(sweep, 1);
    }
    const insight = await sampling.insight((await store.sweeps.find(sweep.id))!);
    expect(insight).toMatchObject({ results: 9, outlook: { trials: 20, low: expect.any(Number) } });
    expect(insight.effects).toHaveLength(2);
  });

  it('is nothing in a sweep that has just begun', async () => {
    const sampling = start(await samplerProgram());
    expect(await sampling.insight(await newSweep())).toMatchObject({ results: 0, effects: [], outlook: null });
  });
});

const anEnqueued = (x: number) =>
  ({ id: randomId(8, random) as never, params: { x, k: 1 }, origin: 'enqueued', retryOf: null, why: 'asked for', proposal: null }) as const;

describe('what waits behind the next trial', () => {
  it('is chosen again when there are new results, as if it had never been chosen before', async () => {
    const program = await samplerProgram();
    const [sweep, other] = [await newSweep(), await newSweep()];
    const [sampling, fresh] = [start(program), start(program)];
    for (const [one, by] of [
      [sweep, sampling],
      [other, fresh],
    ] as const) {
      await step(by, one.id, 10);
      await run(one, 9);
    }
    // Number 10 waits first; 11 and 12 are proposed blindly in the one sweep, and only now in the other.
    await step(sampling, sweep.id, 2);
    await run(sweep, 1);
    await run(other, 1);
    const before = (await store.searchLog.trials(sweep.id, { limit: 50, cursor: null })).items;
    const renewed = await step(sampling, sweep.id, 0);
    const after = (await store.searchLog.trials(sweep.id, { limit: 50, cursor: null })).items;
    expect(renewed).toHaveLength(1);
    expect(after.map(({ number }) => number)).toEqual(before.map(({ number }) => number));
    expect(after[10]).toEqual(before[10]);
    expect(after[11]!.params).not.toBe(before[11]!.params);
    expect(after[11]!.proposal).toMatchObject({ index: 11, asOf: 10 });
    expect(before[11]!.proposal).toMatchObject({ index: 11, asOf: 9 });
  });

  it('stays when there is nothing new', async () => {
    const sweep = await newSweep();
    const sampling = start(await samplerProgram());
    await step(sampling, sweep.id, 4);
    expect(await step(sampling, sweep.id, 0)).toEqual([]);
  });
});

describe('a thread that dies', () => {
  const deaths = async (count: number): Promise<string> => {
    const file = join(folder, 'deaths');
    await writeFile(file, 'x'.repeat(count));
    return file;
  };

  it('is replaced, and the same answer comes from its successor', async () => {
    const [calm, shaken] = [await newSweep(), await newSweep()];
    const wanted = await history(start(await samplerProgram()), calm);
    const file = await deaths(2);
    expect(await history(start(await dyingProgram(file)), shaken)).toEqual(wanted);
    expect(await readFile(file, 'utf8')).toBe('');
  });

  it('three times over one question means that the sampler failed', async () => {
    const sampling = start(await dyingProgram(await deaths(3)));
    const sweep = await newSweep();
    await expect(step(sampling, sweep.id, 1)).rejects.toMatchObject({
      code: 'sampler-failed',
      message: expect.stringContaining('3 times'),
    });
    expect(await step(sampling, sweep.id, 1)).toHaveLength(1);
  });

  it('is not replaced once the controller stops', async () => {
    const sampling = start(await samplerProgram());
    const sweep = await newSweep();
    await sampling.close();
    await expect(step(sampling, sweep.id, 1)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a sampler that cannot go on', () => {
  it('fails for its own sweep only', async () => {
    const sampling = start(await samplerProgram());
    const broken = await newSweep({ config: 'method: nonsense' });
    await expect(sampling.propose(broken, 1, 0)).rejects.toMatchObject({ code: 'sampler-failed' });
    expect(await step(sampling, (await newSweep()).id, 1)).toHaveLength(1);
  });
});
