/** Work for as long as faults are thrown: a kill of something idle proves nothing. What the programs do is training.ts. */
import type { SweepView } from '@sweep/api';
import type { Cluster } from '../support/cluster.js';
import { gridSweep, learningSweep } from './training.js';

export interface Work {
  /** No further sweeps; answers all there are once they ended. */
  end(): Promise<readonly SweepView[]>;
}

const lookEveryMs = 500;
const endWithinMs = 180_000;
/** Of a grid; the sweep that learns beside it has a third of that. */
const atLeast = 30;
const atMost = 300;
const pointsPerKill = 1.5;

/** One pair of sweeps now, and another one whenever less than a pair is left. */
export async function keepBusy(cluster: Cluster, kills: number): Promise<Work> {
  const points = Math.max(atLeast, Math.min(atMost, Math.round(kills * pointsPerKill)));
  const everySweep = async (): Promise<readonly SweepView[]> => (await cluster.client.listSweeps({ limit: 1000 })).items;
  const begin = async (): Promise<void> => {
    await cluster.create(gridSweep(points));
    await cluster.create(learningSweep(Math.ceil(points / 3)));
  };
  let over = false;
  await begin();
  const watching = (async () => {
    while (!over) {
      try {
        if ((await everySweep()).filter(isLive).length < 2) await begin();
      } catch {
        // Whom it asks may be dead at this moment: that is what is tried. Nothing to do for ever is noticed by the next kill of a program.
      }
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  })();
  return {
    async end() {
      over = true;
      await watching;
      for (const { id } of (await everySweep()).filter(isLive)) await cluster.finished(id, endWithinMs);
      return everySweep();
    },
  };
}

const isLive = ({ state }: SweepView): boolean => !['completed', 'cancelled', 'failed'].includes(state);
