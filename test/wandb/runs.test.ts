/** Runs of the real client against a real controller: what was logged is read back by `wandb.Api()` and compared. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPostgres } from '@sweep/store';
import { afterAll, describe, expect, it } from 'vitest';
import type { Cluster } from '../support/cluster.js';
import { type Fault, faultyProxy } from '../support/faulty-proxy.js';
import { processesWith, type Started } from '../support/processes.js';
import { until } from '../support/until.js';
import type { Wandb } from '../support/wandb-client.js';
import { withWandb } from '../support/wandb-cluster.js';

let cluster: Cluster;
let wandb: Wandb;

withWandb((given) => {
  ({ cluster, wandb } = given);
});

interface ReadRun {
  readonly id: string;
  readonly history: readonly Readonly<Record<string, unknown>>[];
}

const values = ({ history }: ReadRun): readonly unknown[] => history.map(({ value }) => value);
const steps = ({ history }: ReadRun): readonly unknown[] => history.map(({ _step }) => _step);
const rest = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
  const answer = await fetch(`${cluster.url}/api/v1${path}`, { headers: { authorization: `Bearer ${cluster.key}` } });
  return (await answer.json()) as Readonly<Record<string, unknown>>;
};
const entity = async (): Promise<string> => (await rest('/server'))['user'] as string;

describe('a run', () => {
  it('reads back what it logged, whatever kind of value', async () => {
    const { told } = await wandb.program('lifecycle');
    expect(told).toMatchObject({
      name: 'second name',
      state: 'finished',
      notes: 'some notes',
      tags: ['b', 'a', 'c'],
      group: 'a group',
      jobType: 'train',
      user: await entity(),
      config: { lr: 0.1, nested: { a: 1, b: [1, 2.5, 'x'], 'c.d': null }, flag: true, late: 'yes' },
      summary: { loss: 0.2, best: 0.25, deep: { er: { x: 1 } }, 'val/acc': { min: 1 }, late: 1 },
      lastStep: 11,
      full: 7,
      range: [2, 3, 4],
    });
    const { history, sampled, keyed } = told as ReadRun & { sampled: object[]; keyed: { big: number; _step: number }[] };
    expect(history.map(({ _step }) => _step)).toEqual([0, 1, 2, 3, 4, 10, 11]);
    expect(history.slice(0, 5).map(({ odd }) => odd)).toEqual(['nan', 'inf', '-inf', 0, 5e-324]);
    expect(history[5]).toEqual({ _step: 10, early: 1, late: 1 });
    expect(history[3]).toMatchObject({ loss: 0.25, nested: { a: { b: 3 } }, 'val/acc': 5, epoch: 1 });
    expect(history[6]).toMatchObject({ histogram: { _type: 'histogram', values: [1, 2], bins: [0, 0.5, 1] } });
    expect(sampled).toHaveLength(5);
    expect(keyed.map(({ _step }) => _step)).toEqual([0, 1, 2, 3, 4]);
    const { console, lastLine, samples, system } = told as { console: unknown[]; lastLine: unknown[]; samples: number; system: string[] };
    expect(console).toEqual(
      expect.arrayContaining([
        [expect.anything(), 'a line on the console'],
        ['error', 'a line of error'],
      ]),
    );
    expect(lastLine).toHaveLength(1);
    expect(samples).toBeGreaterThan(1);
    expect(system).toEqual(expect.arrayContaining([expect.stringMatching(/^system\./)]));
  });

  it('is shown over REST as any other, with its points', async () => {
    const { told } = await wandb.program('resume', { args: ['over-rest', 'none', '0', '3'] });
    expect(await rest(`/runs/${(told as ReadRun).id}`)).toMatchObject({
      state: 'finished',
      config: { none: 0 },
      summary: { value: 2 },
    });
    expect(await rest('/runs/over-rest/metrics?keys=value')).toMatchObject({ series: { value: { steps: [0, 1, 2], values: [0, 1, 2] } } });
  });

  it('keeps its files byte for byte', async () => {
    const { told } = await wandb.program('files');
    const { files, named, patterned, after, sent } = told as {
      files: Record<string, { size: number; same: boolean; bytes: number; digest?: boolean }>;
      named: string[];
      patterned: string[];
      after: string[];
      sent: string[];
    };
    for (const name of sent) expect(files[name]).toMatchObject({ same: true });
    for (const file of Object.values(files)) expect(file.size).toBe(file.bytes);
    expect(Object.entries(files).filter(([, { digest }]) => digest === true)).toHaveLength(1);
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['config.yaml', 'wandb-metadata.json', 'wandb-summary.json', 'output.log']));
    expect(named).toEqual(expect.arrayContaining(['plain.txt', './folder/inner.bin']));
    expect(patterned).toEqual(['empty.bin', 'folder/inner.bin']);
    expect(after).toContain('later.txt');
    expect(after).not.toContain('plain.txt');
  });
});

describe('a run of what is logged more rarely', () => {
  const watched = ['gradients', 'parameters'].flatMap((kind) => ['first', 'second'].map((layer) => `${kind}/${layer}.weight`));

  it('has media of every kind, a watched model, what was not committed, a console with rewritten lines, and is taken up by itself', async () => {
    expect((await wandb.program('every')).told).toEqual({
      takenUp: true,
      runs: [true],
      kinds: {
        clip: 'video-file',
        shape: 'object3D-file',
        molecule: 'molecule-file',
        cloud: 'object3D-file',
        framed: 'image-file',
        pictures: 'images/separated',
        hum: 'audio-file',
        hums: 'audio',
        page: 'html-file',
        pages: 'html',
        figure: 'plotly-file',
        plot: 'bokeh-file',
        weights: 'histogram',
        mixed: 'table-file',
        bars_table: 'table-file',
        curve_table: 'table-file',
        trace: 'wb_trace_tree',
        graph_0: 'graph-file',
        ...Object.fromEntries(watched.map((name) => [name, 'histogram'])),
      },
      whole: [19, true],
      lists: ['PNG', 'PNG', 2, 2],
      watched: Object.fromEntries(watched.map((name) => [name, name.endsWith('first.weight') ? 3 : 1])),
      cell: ['Image', 'Audio', 'Html', 7, '<i>cell</i>'],
      joined: [[1, 1]],
      partitioned: [1, 2],
      classes: [{ id: 1, name: 'one' }],
      charts: { bars: 'Vega2', curve: 'Vega2' },
      diff: ['-x = 1', '+x = 2'],
      commit: 40,
      console: ['progress done'],
    });
  });
});

describe('a key that is none', () => {
  it('is told by the client, in its words, by every door', async () => {
    const wrong = 'a'.repeat(40);
    const login = await wandb.command(['login', '--relogin', '--host', cluster.url, wrong], { code: 1 });
    expect(login.output).toMatch(/Failed to authenticate.*API key is unknown/);
    const run = await wandb.program('project', { args: ['refused'], env: { WANDB_API_KEY: wrong }, code: 1 });
    expect(run.output).toMatch(/API key/);
    expect((await cluster.client.listProjects()).items.map(({ name }) => name)).not.toContain('refused');
  });
});

describe('resuming', () => {
  const segment = async (id: string, mode: string, first: number, count: number) =>
    (await wandb.program('resume', { args: [id, mode, String(first), String(count)] })).told as ReadRun & { config: object };

  it('goes on behind what was logged', async () => {
    await segment('allowed', 'allow', 0, 3);
    const second = await segment('allowed', 'must', 3, 2);
    expect([steps(second), values(second)]).toEqual([
      [0, 1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]);
    expect(second.config).toEqual({ allow: 0, must: 3 });
  });

  it('is refused by the client where it must not or cannot be', async () => {
    await segment('refused', 'never', 0, 1);
    expect((await wandb.program('resume', { args: ['refused', 'never', '0', '1'], code: 1 })).output).toContain('already exists');
    expect((await wandb.program('resume', { args: ['nothing', 'must', '0', '1'], code: 1 })).output).toContain('not exist');
  });

  it('without being asked for begins the run anew, a shorter one too', async () => {
    await segment('anew', 'none', 0, 5);
    const second = await segment('anew', 'none', 7, 2);
    expect([steps(second), values(second)]).toEqual([
      [0, 1],
      [7, 8],
    ]);
    expect(await rest(`/runs/${second.id}`)).toMatchObject({ summary: { value: 8 } });
  });

  it('from an earlier step drops what came later', async () => {
    await segment('rewound', 'none', 0, 5);
    const second = await segment('rewound', 'rewind', 2, 2);
    expect([steps(second), values(second)]).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
  });
});

describe('a run that was logged offline', () => {
  it('is the same however often it is synced', async () => {
    const { id, folder } = (await wandb.program('offline')).told as { id: string; folder: string };
    const read = async () => (await wandb.program('read', { args: [`${await entity()}/offline/${id}`] })).told as ReadRun;
    await wandb.command(['sync', folder]);
    const first = await read();
    await wandb.command(['sync', '--include-synced', folder]);
    expect(values(first)).toEqual(Array.from({ length: 20 }, (_, value) => value));
    expect(await read()).toEqual(first);
  });
});

describe('the public API', () => {
  it('finds runs by filters, orders and pages', async () => {
    const all = [0, 1, 2, 3, 4, 5].map((number) => `run-${number}`);
    const only = (...numbers: readonly number[]): readonly string[] => numbers.map((number) => `run-${number}`);
    expect((await wandb.program('many')).told).toEqual({
      all,
      newest: [...all].reverse(),
      loss: [...all].reverse(),
      config: [...all].reverse(),
      tag: only(0, 2, 4),
      tagIn: only(0, 2, 4),
      state: only(0, 3),
      failed: only(1, 2, 4, 5),
      above: only(3, 4, 5),
      wrapped: only(1, 3, 5),
      nested: only(1, 3),
      either: only(0, 5),
      pattern: only(4, 5),
      group: only(3, 5),
      equal: only(1),
      between: only(1, 2),
      notIn: only(2, 3, 4, 5),
      neither: only(4, 5),
      user: 6,
      none: [],
      exists: 6,
    });
  });

  it("edits and deletes runs, and is refused what is not the caller's", async () => {
    const { edited, ...others } = (await wandb.program('edit')).told as { edited: object };
    expect(edited).toMatchObject({
      name: 'renamed',
      notes: 'noted',
      tags: ['x'],
      state: 'finished',
      config: { lr: 1, extra: { a: [1] } },
      summary: { loss: 1, late: 7 },
    });
    expect(others).toMatchObject({
      deleted: true,
      moved: ['running', 'failed', 'pending'],
      ended: expect.stringContaining('is finished: it cannot be made pending by hand'),
      users: [await entity()],
      projects: expect.arrayContaining(['edited']),
      foreign: expect.stringContaining('permission denied: entity somebody-else'),
      huge: expect.stringContaining('16777216'),
      outside: expect.stringContaining('cannot name a file'),
    });
    expect(await rest(`/runs/${(edited as ReadRun).id}/alerts`)).toMatchObject({
      items: [
        { title: 'low', level: 'warn', silenced: false },
        { title: 'low', level: 'info', silenced: true },
      ],
    });
  });
});

// At the same time: most of it is waiting for what is being flushed, and for what is tried again.
describe.concurrent('what goes wrong', () => {
  /** Several clients share the machine. */
  const patienceMs = 90_000;
  const programs: Started[] = [];
  afterAll(() => {
    for (const program of programs) program.kill('SIGKILL');
  });
  const stateOf = async (...paths: readonly string[]) =>
    (await wandb.program('state', { args: await Promise.all(paths.map(async (path) => `${await entity()}/${path}`)) })).told;
  const begun = async (name: string) => {
    const program = wandb.begin('endless', { args: [name], env: { ENDLESS: name } });
    programs.push(program);
    await until(() => program.stdout().includes('begun'), {
      what: 'the program to run',
      withinMs: patienceMs,
      seen: () => program.stderr(),
    });
    await until(async () => (await rest(`/runs/${name}`))['summary'] !== undefined, { what: 'its run', withinMs: patienceMs });
    return program;
  };

  it('ends runs in the states that clients wait for', async () => {
    const ends = [
      ['success', 0, 'finished'],
      ['error', 1, 'failed'],
      ['exit-3', 3, 'failed'],
      ['finish-2', 0, 'failed'],
      ['preempted', 1, 'preempted'],
    ] as const;
    await Promise.all(ends.map(([how, code]) => wandb.program('outcome', { args: [how], code })));
    expect(await stateOf(...ends.map(([how]) => `outcomes/${how}`))).toEqual(
      Object.fromEntries(ends.map(([how, , state]) => [how, state])),
    );
  });

  it('stops a run, which ends by itself and is killed', async () => {
    const program = await begun('stopped-run');
    await wandb.program('on_run', { args: ['stop', 'resumed/stopped-run'] });
    expect(await program.ended).not.toBe(0);
    expect(await stateOf('resumed/stopped-run')).toEqual({ 'stopped-run': 'killed' });
  });

  it('says that a run has crashed whose machine is gone; resumed, it goes on', async () => {
    const program = await begun('crashing');
    const shown = async () => {
      const { series } = (await rest('/runs/crashing/metrics?keys=value')) as { series: { value?: { values: readonly unknown[] } } };
      return series.value?.values.length;
    };
    const logged = await until(shown, { what: 'its lines', withinMs: patienceMs });
    program.kill('SIGKILL');
    await until(() => processesWith('ENDLESS=crashing').length === 0, { what: 'its service to end too', withinMs: patienceMs });
    // Instead of five minutes of silence.
    const store = await openPostgres({ url: cluster.databaseUrl });
    try {
      await store.runs.crash(0);
    } finally {
      await store.close();
    }
    expect(await stateOf('resumed/crashing')).toEqual({ crashing: 'crashed' });
    const { told } = await wandb.program('resume', { args: ['crashing', 'must', '100', '2'] });
    expect(told).toMatchObject({ state: 'finished' });
    expect(steps(told as ReadRun)).toEqual((told as ReadRun).history.map((_, step) => step));
    expect(values(told as ReadRun).slice(-3)).toEqual([0, 100, 101]);
    expect((told as ReadRun).history.length).toBeGreaterThanOrEqual(logged + 2);
  });

  it('lets a program train on whose run was deleted, and says so', async () => {
    const program = await begun('deleted-run');
    await wandb.program('on_run', { args: ['delete', 'resumed/deleted-run'] });
    await until(() => program.stderr().includes('Fatal error while uploading data'), { what: 'it to be told', withinMs: patienceMs });
    await writeFile(join(cluster.folder, 'end-deleted-run'), '');
    expect(await program.ended).toBe(0);
  });

  describe('a connection that fails', () => {
    const refused = (of: RegExp, seen: Fault['seen'], retryAfterSeconds?: number): Fault => ({
      of,
      seen,
      reaches: false,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
    const lost = (of: RegExp, seen: Fault['seen'] = 'cut'): Fault => ({ of, seen, reaches: true });
    const lines = /file_stream .*"wandb-history/;
    const laterLines = /file_stream .*"wandb-history.jsonl":{"offset":[1-9]/;
    const saved = new RegExp(`^PUT /storage/runs/\\S*${Buffer.from('saved.txt').toString('base64url')}`);

    it('loses nothing of a run and its artifact, and doubles nothing; whoever is told to wait does', async () => {
      const proxy = await faultyProxy(cluster.url, [
        refused(/mutation UpsertBucket/, 409),
        lost(/mutation UpsertBucket/),
        refused(lines, 429, 2),
        lost(lines),
        refused(laterLines, 500),
        lost(laterLines, 500),
        lost(/file_stream .*"complete":true/, 503),
        refused(/mutation CreateArtifact /, 429, 2),
        lost(/mutation CreateArtifact /, 500),
        lost(/mutation CreateArtifactManifest/),
        refused(/mutation CreateArtifactFiles/, 500),
        refused(/^PUT \/storage\/contents/, 500),
        lost(/^PUT \/storage\/contents/, 500),
        lost(/^PUT \/storage\/manifests/),
        lost(/mutation CommitArtifact/, 500),
        lost(/mutation CreateRunFiles/, 500),
        lost(/mutation NotifyScriptableRunAlert/),
        refused(saved, 429, 2),
        lost(saved, 500),
      ]);
      try {
        const { told } = await wandb.program('endures', { args: ['endured'], env: { WANDB_BASE_URL: proxy.url } });
        const sixty = Array.from({ length: 60 }, (_, value) => value);
        expect(told).toMatchObject({
          state: 'finished',
          config: { lr: 0.1 },
          summary: { value: 59 },
          history: sixty.map((value) => ({ _step: value, value })),
          console: expect.arrayContaining(sixty.map((value) => `line ${value}`)),
          runs: [true],
          versions: ['v0'],
          same: { one: true, two: true },
          saved: 'saved',
        });
        const { id } = told as ReadRun;
        expect(await rest(`/runs/${id}/metrics?keys=value&samples=0`)).toMatchObject({
          series: { value: { steps: sixty, values: sixty } },
        });
        expect(await rest(`/runs/${id}/alerts`)).toMatchObject({ items: [{ title: 'hot', silenced: false }] });
        expect(proxy.left()).toEqual([]);
        expect(proxy.patience()).toHaveLength(3);
        for (const { askedMs, waitedMs } of proxy.patience()) expect(waitedMs).toBeGreaterThanOrEqual(askedMs);
      } finally {
        proxy.stop();
      }
    });
  });
});
