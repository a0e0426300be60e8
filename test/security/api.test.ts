/** The HTTP interface under requests made from its own description: `npm run fuzz -- api [SECONDS] [SEED]` takes longer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { start } from '../support/processes.js';
import { schemathesis } from '../support/schemathesis.js';
import { fuzzConfig } from './config.js';
import { grid, memoryOf } from './fixture.js';

const { seconds, seed } = fuzzConfig();
/** Endless answers, and what would take away the key that all the others are made with. */
const left = '/events$|/logs$|/session$|/keys|/users|/tokens';

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
  const before = memoryOf(cluster.controller.pid);
  const flags = [
    '--phases',
    'fuzzing',
    '--checks',
    'not_a_server_error',
    '--exclude-path-regex',
    left,
    '--seed',
    String(seed),
    '--no-color',
  ];
  const effort = seconds === null ? ['--max-examples', '2', '--max-time', '15'] : ['--max-examples', '1000', '--max-time', String(seconds)];
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
  expect(memoryOf(cluster.controller.pid) - before).toBeLessThan(300);
});
