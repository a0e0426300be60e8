/** Of a whole vitest run: one PostgreSQL cluster, started when first needed, gone at the end. */

import { makeClusterFolder, stopCluster } from './cluster.js';
import { announceClusterFolder } from './config.js';

export default async function setup(): Promise<() => Promise<void>> {
  const folder = await makeClusterFolder();
  announceClusterFolder(folder);
  return () => stopCluster(folder);
}
