/**
 * The controller is killed with -9, twice, while real `wandb` clients log and real W&B agents run a sweep. Every line must be there once,
 * every trial done, and no program may have noticed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../support/cluster.js';
import { until } from '../support/until.js';
import type { Wandb } from '../support/wandb-client.js';
import { withWandb } from '../support/wandb-cluster.js';

let cluster: Cluster;
let wandb: Wandb;
let environment: string;

withWandb((given) => {
  ({ cluster, wandb, environment } = given);
});

const names = ['one', 'two', 'three', 'four'];
const perSecond = 200;
const lines = 20 * perSecond;
const values = [0.1, 0.2, 0.3, 0.4];

async function startSweep(): Promise<string> {
  const folder = join(cluster.folder, 'sweep');
  await mkdir(folder);
  const program = fileURLToPath(new URL('../wandb/programs/sweep_train.py', import.meta.url));
  const file = `program: ${program}\nmethod: grid\nmetric: {name: loss, goal: minimize}\nparameters:\n  x: {values: [${values.join(', ')}]}\n`;
  await writeFile(join(folder, 'sweep.yaml'), file);
  const { output } = await wandb.command(['sweep', '--project', 'chaos', join(folder, 'sweep.yaml')]);
  return /wandb agent (\S+\/\S+\/[a-z0-9]{8})/.exec(output)![1]!;
}

/** Waits until each of the runs has shown at least so many lines. */
async function heard(atLeast: number): Promise<void> {
  const shown = async () => {
    const { items } = await cluster.client.listRuns({ limit: 100 });
    return names.map((name) => Number(items.find(({ id }) => id === name)?.summary['line'] ?? 0));
  };
  await until(async () => (await shown()).every((line) => line >= atLeast), { what: `${atLeast} lines of each run`, withinMs: 60_000 });
}

async function killAndStart(): Promise<void> {
  cluster.controller.kill('SIGKILL');
  await cluster.controller.ended;
  await cluster.startController();
}

interface Read {
  readonly state: string;
  readonly lines: readonly number[];
  readonly steps: readonly number[];
  readonly halves: readonly number[];
  readonly console: readonly string[];
}

describe('with -9 to the controller, again and again, under real clients', () => {
  it('every line is there once, every trial is done, and no program failed', async () => {
    const path = await startSweep();
    const agents = [0, 1].map(() => wandb.beginCommand(['agent', path], { env: { PATH: `${environment}/bin:${process.env['PATH']}` } }));
    const programs = names.map((name) => wandb.begin('steady', { args: [name, String(lines), String(perSecond)] }));
    try {
      for (const part of [0.1, 0.5]) {
        await heard(part * lines);
        await killAndStart();
      }
      expect(await Promise.all(programs.map(({ ended }) => ended))).toEqual(names.map(() => 0));
      expect(await Promise.all(agents.map(({ ended }) => ended))).toEqual([0, 0]);
    } finally {
      for (const started of [...agents, ...programs]) started.kill('SIGKILL');
    }
    const { told } = await wandb.program('steady_read', { args: names });
    const all = Array.from({ length: lines }, (_, line) => line);
    for (const name of names) {
      const read = (told as Readonly<Record<string, Read>>)[name]!;
      expect(read.state).toBe('finished');
      expect(read.steps, `steps of ${name}`).toEqual(all);
      expect(read.lines, `lines of ${name}`).toEqual(all);
      expect(read.halves, `values of ${name}`).toEqual(all.map((line) => line / 2));
      expect(read.console.filter((line) => line.startsWith('line '))).toEqual(
        all.filter((line) => line % perSecond === 0).map((line) => `line ${line}`),
      );
      expect(await metricsOf(name), `points of ${name}`).toEqual(all);
    }
    const sweep = path.split('/').at(-1)!;
    expect(await cluster.finished(sweep)).toMatchObject({ state: 'completed', reason: 'exhausted', counts: { completed: 4, failed: 0 } });
    expect((await cluster.trials(sweep)).map(({ objective }) => objective)).toEqual(values);
  });
});

/** Points are made of lines: there once too. */
async function metricsOf(run: string): Promise<unknown> {
  const answer = await fetch(`${cluster.url}/api/v1/runs/${run}/metrics?keys=line&samples=0`, {
    headers: { authorization: `Bearer ${cluster.key}` },
  });
  const { series } = (await answer.json()) as { readonly series: Readonly<Record<string, { readonly values: unknown }>> };
  return series['line']!.values;
}
