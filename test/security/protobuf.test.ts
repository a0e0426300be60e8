/** The gateway under messages that nobody would send: a short seeded run; `npm run fuzz -- gateway SECONDS SEED` takes longer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { fuzzConfig } from './config.js';
import { fuzzGateway } from './fuzz-gateway.js';

const { seconds, seed } = fuzzConfig();

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

it('answers every message with a status of the caller, stays, and does not grow', { timeout: ((seconds ?? 30) + 60) * 1000 }, async () => {
  const target = { ...cluster, pid: cluster.controller.pid };
  const found = await fuzzGateway(target, { calls: seconds === null ? 600 : null, seconds, seed });
  expect(found.calls).toBeGreaterThanOrEqual(600);
  // INTERNAL is what the transport says of bytes that are no message; what the controller takes for a mistake of its own it logs.
  expect(found.statuses).not.toHaveProperty('UNKNOWN');
  expect(cluster.controller.stderr()).not.toMatch(/a call failed|a session failed|nobody handled/);
  expect(found.grownMiB).toBeLessThan(150);
});
