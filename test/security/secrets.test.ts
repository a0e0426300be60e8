/** After a whole run: where a key, a token or a password of somebody's may stand, and where it must not. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../support/cluster.js';
import { gridOf } from '../support/programs.js';
import { until } from '../support/until.js';
import { type Person, person } from './fixture.js';

let cluster: Cluster;
let ann: Person;
let attemptKey: string;
let joinToken: string;
let agentKey: string;
const commandLines = new Set<string>();

/** Everything that runs while the test does, as any user of the machine sees it. */
function lookAtCommandLines(): void {
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      commandLines.add(readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '));
    } catch (error) {
      // It has ended since the folder was read.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

beforeAll(async () => {
  cluster = await startCluster({ settings: { SWEEP_LOG_LEVEL: 'trace' } });
  ann = await person(cluster, 'ann');
  joinToken = (await cluster.client.createToken({})).token;
  const joined = cluster.startAgent({ name: 'joined', env: { SWEEP_API_KEY: '', SWEEP_JOIN_TOKEN: joinToken } });
  const program = `fs.writeFileSync(env.SWEEP_OUTPUT_DIR + '/key', env.WANDB_API_KEY);
    report({ loss: env.SWEEP_API_KEY === undefined && env.SWEEP_JOIN_TOKEN === undefined ? 1 : 2 });
    nap(1500);`;
  const { id } = await cluster.create(gridOf(program));
  const watching = setInterval(lookAtCommandLines, 50);
  try {
    expect(await cluster.finished(id), joined.stderr()).toMatchObject({ state: 'completed', best: { value: 1 } });
  } finally {
    clearInterval(watching);
  }
  const [trial] = await cluster.trials(id);
  const kept = await fetch(`${cluster.url}/api/v1/trials/${trial!.id}/files/content?path=key`, {
    headers: { authorization: `Bearer ${cluster.key}` },
  });
  attemptKey = await kept.text();
  agentKey = readFileSync(join(joined.workdir, 'agent.key'), 'utf8').trim();
  joined.kill('SIGINT');
  await joined.ended;
  agentLog =
    joined.stderr() +
    filesBelow(joined.workdir, (path) => path.endsWith('.log'))
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
});
afterAll(() => cluster.stop());

let agentLog = '';
const secrets = (): readonly string[] => [cluster.key, ann.key, attemptKey, joinToken, agentKey];

function filesBelow(folder: string, wanted: (path: string) => boolean): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => wanted(path) && statSync(path).isFile());
}

describe('secrets', () => {
  it('are those that this test looks for', () => {
    for (const secret of secrets()) expect(secret).toMatch(/^[a-z0-9]{40}$/);
    expect(new Set(secrets()).size).toBe(5);
  });

  it('stand in the arguments of no process', () => {
    expect(commandLines.size).toBeGreaterThan(5);
    for (const secret of secrets()) expect([...commandLines].filter((line) => line.includes(secret))).toEqual([]);
  });

  it('stand in no log, however much is logged; the first key is printed once, to be read', () => {
    const { stdout, stderr } = cluster.controller;
    expect(stderr()).toContain('"level"');
    for (const secret of secrets()) expect((stderr() + agentLog).includes(secret)).toBe(false);
    expect(secrets().filter((secret) => stdout().includes(secret))).toEqual([cluster.key]);
  });

  it('stand nowhere in the database, the queue included', async () => {
    const client = new pg.Client({ connectionString: cluster.databaseUrl });
    await client.connect();
    try {
      const { rows } = await client.query<{ schema: string; name: string }>(
        `SELECT schemaname AS schema, tablename AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
      );
      expect(rows.some(({ name }) => name === 'api_keys')).toBe(true);
      expect(rows.length).toBeGreaterThan(30);
      for (const { schema, name } of rows) {
        const found = await client.query(`SELECT 1 FROM "${schema}"."${name}" t WHERE t::text ~ $1 LIMIT 1`, [secrets().join('|')]);
        expect(`${name} ${found.rowCount}`).toBe(`${name} 0`);
      }
    } finally {
      await client.end();
    }
  });

  it('lie in files of their owner alone', async () => {
    await until(() => filesBelow(cluster.folder, (path) => path.endsWith('agent.key')).length > 0, { what: 'the key to be kept' });
    const holding = filesBelow(cluster.folder, () => true).filter((path) => {
      const text = readFileSync(path, 'latin1');
      return secrets().some((secret) => text.includes(secret));
    });
    // A restarted agent takes its programs over with what they were given: the journal holds their keys. Its own output is what this test's program wrote: the blob of it, kept as all blobs are.
    expect(
      holding
        .filter((path) => !path.includes('/blobs/'))
        .map((path) => path.split('/').at(-1))
        .sort(),
    ).toEqual(['agent.key', 'journal.jsonl']);
    for (const path of holding) expect((statSync(path).mode & 0o077).toString(8), path).toBe('0');
  });

  it('are shown by no list and no record', async () => {
    const answers = await Promise.all(
      ['keys', 'users', 'agents', 'sweeps', 'runs', 'tokens', 'server', 'session'].map(async (what) => {
        const answer = await fetch(`${cluster.url}/api/v1/${what}`, { headers: { authorization: `Bearer ${cluster.key}` } });
        return answer.text();
      }),
    );
    for (const secret of secrets()) expect(answers.filter((text) => text.includes(secret))).toEqual([]);
  });
});
