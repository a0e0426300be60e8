/** The HTTP interface under requests made from its own description: `npm run fuzz -- api [SECONDS] [SEED]` takes longer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { start } from '../support/processes.js';
import { schemathesis } from '../support/schemathesis.js';
import { until } from '../support/until.js';
import { fuzzConfig } from './config.js';
import { grid } from './fixture.js';
import { growthOf, handlesOf, heldBy } from './growth.js';

const { seconds, seed } = fuzzConfig();
/** Endless answers, and what would take away the key that all the others are made with. */
const left = '/events$|/logs$|/session$|/keys|/users|/tokens';

/** A pool of database connections grows to its size, and stays. */
const idleHandles = 40;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ settings: { SWEEP_RATE_LIMIT: '0' } });
  await cluster.client.createSweep({ config: grid((await cluster.client.server()).user!) });
});
afterAll(() => cluster.stop());

it('never fails, whatever its description allows to ask, and does not grow', { timeout: ((seconds ?? 60) + 60) * 1000 }, async ({
  skip,
}) => {
  const packages = await schemathesis();
  if (typeof packages !== 'string') return skip(packages.skip);
  const before = await heldBy(cluster);
  const flags = ['--checks', 'not_a_server_error', '--exclude-path-regex', left, '--seed', String(seed), '--no-color'];
  const effort =
    seconds === null
      ? ['--phases', 'fuzzing', '--max-examples', '2', '--max-time', '15']
      : ['--phases', 'coverage,fuzzing,stateful', '--max-examples', '1000', '--max-time', String(seconds)];
  const fuzzing = start(
    'python3',
    [
      ...[
        '-m',
        'schemathesis.cli',
        'run',
        `${cluster.url}/api/openapi.json`,
        '-H',
        `Authorization: Bearer ${cluster.key}`,
        ...flags,
        ...effort,
      ],
      ...['--continue-on-failure', '--suppress-health-check', 'all', '--generation-database', 'none', '--request-timeout', '10'],
    ],
    { cwd: cluster.folder, env: { PYTHONPATH: packages, HOME: cluster.folder } },
  );
  const code = await fuzzing.ended;
  expect(fuzzing.stdout()).toMatch(/\d+ (generated|tested|passed|selected)/);
  expect(code, `${fuzzing.stdout().slice(-4_000)}\n${fuzzing.stderr().slice(-2_000)}`).toBe(0);
  expect(cluster.controller.stderr()).not.toMatch(/"msg":"a request failed"/);
  const grown = growthOf(before, await heldBy(cluster));
  // What was asked for is there, and nothing else: rows are only told.
  if (seconds !== null) console.log(`${fuzzing.stdout().slice(-1_500)}\n${JSON.stringify(grown)}`);
  expect(grown.memoryMiB).toBeLessThan(300);
  await until(() => handlesOf(cluster.controller.pid) <= before.handles + idleHandles, { what: 'the handles to be given back' });
});
