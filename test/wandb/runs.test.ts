/** Runs of the real client against a real controller: what was logged is read back by `wandb.Api()` and compared. */
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../support/cluster.js';
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

  it.each([
    ['success', 0, 'finished'],
    ['error', 1, 'failed'],
    ['exit-3', 3, 'failed'],
    ['finish-2', 0, 'failed'],
  ])('that ends with %s is in the state that clients wait for', async (how, code, state) => {
    await wandb.program('outcome', { args: [how], code });
    expect((await wandb.program('state', { args: [`${await entity()}/outcomes/${how}`] })).told).toEqual({ [how]: state });
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
  it('has media of every kind, the last state of a line that was rewritten, and is taken up by itself', async () => {
    expect((await wandb.program('every')).told).toEqual({
      takenUp: true,
      runs: [true],
      kinds: {
        clip: 'video-file',
        shape: 'object3D-file',
        molecule: 'molecule-file',
        cloud: 'object3D-file',
        framed: 'image-file',
        'gradients/layer': 'histogram',
      },
      same: [true, true, true],
      marks: [true, true],
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
      projects: expect.arrayContaining(['edited']),
      foreign: expect.stringContaining('permission denied: entity somebody-else'),
    });
    expect(await rest(`/runs/${(edited as ReadRun).id}/alerts`)).toMatchObject({
      items: [
        { title: 'low', level: 'warn', silenced: false },
        { title: 'low', level: 'info', silenced: true },
      ],
    });
  });

  it('stops a run, which ends by itself and is killed', async () => {
    const running = wandb.begin('stopped');
    try {
      await until(() => running.stdout().includes('begun'), { what: 'the program to run', seen: () => running.stderr() });
      await wandb.program('stop', { args: [`${await entity()}/stopped/stopped-run`] });
      expect(await running.ended).not.toBe(0);
    } finally {
      running.kill('SIGKILL');
    }
    expect((await wandb.program('state', { args: [`${await entity()}/stopped/stopped-run`] })).told).toEqual({ 'stopped-run': 'killed' });
  });
});
