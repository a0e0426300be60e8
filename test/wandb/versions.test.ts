/** One scenario with every release of the client that must work: runs, resuming, artifacts, sweeps with an agent, and the public API. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../support/cluster.js';
import { type Wandb, wandbClient, wandbOn } from '../support/wandb-client.js';
import { withWandb } from '../support/wandb-cluster.js';
import { wandbVersions } from '../support/wandb-packages.js';

let cluster: Cluster;

withWandb((given) => {
  ({ cluster } = given);
});

async function clientOf(version: string): Promise<{ readonly wandb: Wandb; readonly path: string } | { readonly skip: string }> {
  const environment = await wandbClient(version);
  if (typeof environment !== 'string') return environment;
  return { wandb: wandbOn(cluster, environment), path: `${environment}/bin:${process.env['PATH']}` };
}

/** What the client's own check prints of each of its questions. */
const marks = (output: string): readonly (readonly [string, string])[] =>
  [...output.matchAll(/^(Checking .*?)\.*([✅❌])/gmu)].map(([, question, mark]) => [question!, mark!]);

/** They ask for https. */
const insecure = ['Checking requests to base url', 'Checking requests made over signed URLs'];

/** Everything that the program `scenario` tells; the run's id differs. */
const expected = {
  name: 'first',
  state: 'finished',
  notes: 'noted',
  tags: ['a', 'b'],
  group: 'g',
  config: { lr: 0.1, nested: { a: [1, 2.5] } },
  summary: { loss: 0.125, best: 0.25, deep: { er: 3 } },
  exact: true,
  sampled: [1, 1 / 2, 1 / 3, 1 / 4, 1 / 8],
  saved: true,
  fetched: true,
  console: true,
  artifact: ['v0', ['best', 'latest'], { rows: 3 }, 1, 128_000],
  makerAndUser: [true, [true]],
  outputs: ['dataset', 'run_table'],
  found: ['first'],
};

const rows = [
  { _step: 0, loss: 1, deep: { er: 0 }, odd: 'nan' },
  { _step: 1, loss: 1 / 2, deep: { er: 1 }, odd: 'inf' },
  { _step: 2, loss: 1 / 3, deep: { er: 2 }, odd: -0.5 },
  { _step: 3, loss: 1 / 4, deep: { er: 3 } },
  { _step: 4, table: { _type: 'table-file', nrows: 2, ncols: 1 } },
  { _step: 5, loss: 1 / 8 },
];

// At the same time: most of it is waiting for heartbeats and for what is being flushed.
describe.concurrent('the real client', () => {
  describe.each(wandbVersions)('wandb %s', (version) => {
    const project = `scenario-${version.replaceAll('.', '-')}`;

    it('logs runs and artifacts, resumes, and reads all of it back', async ({ skip }) => {
      const client = await clientOf(version);
      if ('skip' in client) return skip(client.skip);
      const { told } = await client.wandb.program('scenario', { args: [project] });
      expect(told).toMatchObject(expected);
      const { history } = told as { readonly history: readonly object[] };
      expect(history).toMatchObject(rows);
    });

    it('makes a sweep and works through it with an agent', async ({ skip }) => {
      const client = await clientOf(version);
      if ('skip' in client) return skip(client.skip);
      const folder = join(cluster.folder, project);
      await mkdir(folder, { recursive: true });
      const program = fileURLToPath(new URL('./programs/sweep_train.py', import.meta.url));
      const file = `program: ${program}\nmethod: grid\nmetric: {name: loss, goal: minimize}\nparameters:\n  x: {values: [0.1, 0.2]}\n`;
      await writeFile(join(folder, 'sweep.yaml'), file);
      const { output } = await client.wandb.command(['sweep', '--project', project, join(folder, 'sweep.yaml')]);
      const path = /wandb agent (\S+\/\S+\/[a-z0-9]{8})/.exec(output)![1]!;
      await client.wandb.command(['agent', path], { env: { PATH: client.path } });
      const sweep = path.split('/').at(-1)!;
      expect(await cluster.finished(sweep)).toMatchObject({ state: 'completed', reason: 'exhausted', best: { value: 0.1 } });
      expect((await cluster.trials(sweep)).map(({ state, objective }) => [state, objective])).toEqual([
        ['completed', 0.1],
        ['completed', 0.2],
      ]);
      const { told } = await client.wandb.program('sweep_read', { args: [path] });
      expect(told).toEqual({ state: 'FINISHED', best: 0.1, runs: [0.1, 0.2], expected: 2 });
    });
  });

  // Of the reference alone: it waits a minute for its own agent.
  describe('wandb verify', () => {
    it('finds nothing wrong but that this is http', async ({ skip }) => {
      const client = await clientOf(wandbVersions[0]);
      if ('skip' in client) return skip(client.skip);
      const { output } = await client.wandb.command(['verify', '--host', cluster.url], { env: { PATH: client.path } });
      expect(marks(output)).toHaveLength(10);
      expect(marks(output).filter(([, mark]) => mark === '❌')).toEqual(insecure.map((question) => [question, '❌']));
    });
  });
});
