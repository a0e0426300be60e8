/** The gateway under messages that nobody would send: a short seeded run; `npm run fuzz -- gateway SECONDS SEED` takes longer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { fuzzGateway } from './fuzz-gateway.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

it('answers every message with a status of the caller, stays, and does not grow', async () => {
  const found = await fuzzGateway({ ...cluster, pid: cluster.controller.pid }, { calls: 600, seed: 7 });
  expect(found.calls).toBe(600);
  // INTERNAL is what the transport says of bytes that are no message; what the controller takes for a mistake of its own it logs.
  expect(found.statuses).not.toHaveProperty('UNKNOWN');
  expect(cluster.controller.stderr()).not.toMatch(/a call failed|a session failed|nobody handled/);
  expect(found.grownMiB).toBeLessThan(150);
});
