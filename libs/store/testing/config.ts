/** What the environment says about the database of tests. */
export interface TestDatabaseConfig {
  /** A server to make databases on. */
  readonly serverUrl: string | null;
  /** The folder of this run's cluster, started by the first who needs it. Set by global-setup. */
  readonly clusterFolder: string | null;
}

const folderVariable = 'SWEEP_TEST_CLUSTER';

export function readTestDatabaseConfig(): TestDatabaseConfig {
  return { serverUrl: process.env['SWEEP_TEST_DATABASE_URL'] ?? null, clusterFolder: process.env[folderVariable] ?? null };
}

/** Inherited by the test processes. */
export function announceClusterFolder(folder: string): void {
  process.env[folderVariable] = folder;
}
