/** What every file of tests with the real client begins and ends with. */
import { checkInvariants } from '@sweep/store';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type Cluster, type ClusterOptions, startCluster } from './cluster.js';
import { type Wandb, wandbClient, wandbOn } from './wandb-client.js';

/** The release that everything is tried with. */
const reference = '0.31.0';

export interface WandbCluster {
  readonly cluster: Cluster;
  readonly wandb: Wandb;
  /** Folder of the client's virtual environment. */
  readonly environment: string;
}

/**
 * One cluster and one client for the file, the database held to the invariants after each test; without the client every test is
 * skipped by name.
 *
 * @param begun is told once they are there
 */
export function withWandb(begun: (given: WandbCluster) => void, options: ClusterOptions = {}): void {
  let missing: string | null = null;
  let cluster: Cluster | undefined;
  beforeAll(async () => {
    const environment = await wandbClient(reference);
    if (typeof environment !== 'string') {
      missing = environment.skip;
      return;
    }
    cluster = await startCluster(options);
    begun({ cluster, wandb: wandbOn(cluster, environment), environment });
  });
  beforeEach(({ skip }) => {
    if (missing !== null) skip(missing);
  });
  afterEach(async () => {
    if (cluster !== undefined) expect(await checkInvariants(cluster.databaseUrl)).toEqual([]);
  });
  afterAll(() => cluster?.stop());
}
