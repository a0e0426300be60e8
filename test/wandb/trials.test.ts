/** Programs that report by the real client, started by our own agents with the key of their attempt. */
import { describe, expect, it } from 'vitest';
import { type Cluster, root } from '../support/cluster.js';
import type { Wandb } from '../support/wandb-client.js';
import { withWandb } from '../support/wandb-cluster.js';

let cluster: Cluster;
let wandb: Wandb;
let python: string;

withWandb((given) => {
  ({ cluster, wandb } = given);
  python = `${given.environment}/bin/python`;
});

interface ReadRun {
  readonly state: string;
  readonly config: object;
  readonly summary: object;
  readonly history: readonly { readonly _step: number; readonly loss: number }[];
}

describe('a program that reports by wandb', () => {
  it('is measured by its sweep: its run is the trial, and nothing is stored twice', async () => {
    cluster.startAgent({ slots: 2 });
    const sweep = await cluster.create(`
project: by-wandb
method: grid
metric: {name: loss, goal: minimize}
command: ["${python}", "${root}/test/wandb/programs/trial.py"]
parameters:
  x: {values: [1, 2, 4]}
`);
    expect((await cluster.finished(sweep.id)).state).toBe('completed');
    const trials = await cluster.trials(sweep.id);
    expect(trials.map(({ state, objective }) => [state, objective])).toEqual([1, 2, 4].map((x) => ['completed', (x - 2) ** 2 + 1 / 3]));
    for (const [index, x] of [1, 2, 4].entries()) {
      const { id } = trials[index]!;
      const expected = [0, 1, 2].map((step) => (x - 2) ** 2 + 1 / (step + 1));
      const { series } = await cluster.client.trialMetrics(id, { keys: ['loss'], samples: 0 });
      expect(series['loss']).toMatchObject({ steps: [0, 1, 2], values: expected });
      const { told } = await wandb.program('read', { args: [`by-wandb/${id}`] });
      expect(told).toMatchObject({ state: 'finished', config: { x, own: 1 }, summary: { loss: expected[2] } });
      expect((told as ReadRun).history.map(({ loss }) => loss)).toEqual(expected);
    }
  });
});
