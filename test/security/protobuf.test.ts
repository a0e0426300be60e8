/** The gateway under messages that nobody would send: a short seeded run; `npm run fuzz -- gateway SECONDS SEED` takes longer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { until } from '../support/until.js';
import { fuzzConfig } from './config.js';
import { fuzzGateway } from './fuzz-gateway.js';
import { growthOf, handlesOf, heldBy } from './growth.js';

const { seconds, seed } = fuzzConfig();

/** A pool of database connections grows to its size, and stays. */
const idleHandles = 40;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

it('answers every message with a status of the caller, stays, and does not grow', { timeout: ((seconds ?? 30) + 60) * 1000 }, async () => {
  const before = await heldBy(cluster);
  const found = await fuzzGateway(cluster, { calls: seconds === null ? 600 : null, seconds, seed });
  expect(found.calls).toBeGreaterThanOrEqual(600);
  // INTERNAL is what the transport says of bytes that are no message; what the controller takes for a mistake of its own it logs.
  expect(found.statuses).not.toHaveProperty('UNKNOWN');
  expect(cluster.controller.stderr()).not.toMatch(/a call failed|a session failed|nobody handled/);
  const grown = growthOf(before, await heldBy(cluster));
  if (seconds !== null) console.log(`${JSON.stringify(found)}\n${JSON.stringify(grown)}`);
  expect(grown.memoryMiB).toBeLessThan(150);
  await until(() => handlesOf(cluster.controller.pid) <= before.handles + idleHandles, { what: 'the handles to be given back' });
  // It claims to be 50 agents, who come and go: that they are known, whose they are, the log of events and what queues their pools have.
  // Of trials, points and files there is none.
  const mayGrow = /^(public\.(agents|agent_owners|events)|bullmq\.)/;
  expect(Object.keys(grown.rows).filter((table) => !mayGrow.test(table))).toEqual([]);
  expect(grown.rows['public.agents']).toBeLessThanOrEqual(60);
});
