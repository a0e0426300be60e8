/**
 * A database as a busy team has it after months: 10,000 runs of 50 values, a sweep of 1,000 trials with curves, one of 10,000 trials,
 * and a curve of a million points. Written as SQL, since running all that would take a day; points go through the store.
 */
import { migrate, openPostgres, startEmbedded } from '@sweep/store';
import pg from 'pg';

export const runCount = 10_000;
export const longPoints = 1_000_000;
export const ids = { project: 'benchprj', curves: 'curvesww', many: 'manytria', long: 'longtria' };

const silent = { info() {}, warn() {}, error() {}, debug() {}, child: () => silent };
const config = (name) => `name: ${name}
method: random
metric: {name: loss, goal: minimize}
parameters:
${Array.from({ length: 8 }, (_, at) => `  p${at}: {min: 0.0, max: 1.0}`).join('\n')}
`;

/** @param user who the runs belong to: the first user, which the controller makes when it starts */
export async function seed(dataDir, user) {
  const database = await startEmbedded({ dataDir, log: silent });
  try {
    await migrate(database.url);
    await connected(database.url, (client) => writeRows(client, user));
    const store = await openPostgres({ url: database.url });
    await writePoints(store);
    await store.close();
    await connected(database.url, (client) => client.query('VACUUM ANALYZE'));
  } finally {
    await database.stop();
  }
}

async function writeRows(client, user) {
  const [{ id: userId }] = (await client.query('SELECT id FROM users WHERE name = $1', [user])).rows;
  await client.query('INSERT INTO projects (id, entity, name) VALUES ($1, $2, $3)', [ids.project, user, 'bench']);
  await client.query(
    `INSERT INTO runs (id, handle, project_id, user_id, name, config, config_index, summary, summary_index, state, tags, created_at, heartbeat_at)
     SELECT id, id, $1, $2, 'run ' || n, c::text, c, s::text, s, (ARRAY['finished','failed','crashed'])[1 + n % 3],
       CASE WHEN n % 10 = 0 THEN ARRAY['best'] ELSE ARRAY[]::text[] END, sweep_now() - n * 1000, sweep_now() - n * 1000 + 900
     FROM (SELECT n, 'r' || lpad(n::text, 7, '0') AS id,
       (SELECT jsonb_object_agg('c' || k, CASE WHEN k % 5 = 0 THEN to_jsonb('word ' || (n * k) % 7) ELSE to_jsonb(((n * 7919 * (k + 1)) % 10007) / 10007.0) END)
          FROM generate_series(0, 24) k) AS c,
       (SELECT jsonb_object_agg('m' || k, ((n * 104729 * (k + 1)) % 10009) / 10009.0) FROM generate_series(0, 24) k) AS s
       FROM generate_series(1, ${runCount}::bigint) n) made`,
    [ids.project, userId],
  );
  await sweepOf(client, userId, { id: ids.curves, trials: 1_000, letter: 'c' });
  await sweepOf(client, userId, { id: ids.many, trials: 10_000, letter: 'm' });
}

async function sweepOf(client, user, { id, trials, letter }) {
  await client.query(
    `INSERT INTO sweeps (id, project_id, name, state, config, revision, version, cursor, exhausted, seed, pool, priority, run_cap, prior_runs, created_by, started_at)
     VALUES ($1, $2, $1, 'paused', $3, 1, 1, $4::int, false, 7, 'default', 0, 20000, '{}', $5, sweep_now() - 86400000)`,
    [id, ids.project, config(id), trials, user],
  );
  await client.query(
    `INSERT INTO sweep_revisions (sweep_id, revision, config, priority, run_cap, by_user) VALUES ($1, 1, $2, 0, 20000, $3)`,
    [id, config(id), user],
  );
  await client.query(
    `INSERT INTO trials (id, sweep_id, number, params, origin, state, attempt, objective_values, created_at, started_at, ended_at)
     SELECT $2::text || lpad(n::text, 7, '0'), $1, n,
       (SELECT jsonb_object_agg('p' || k, ((n * 7919 * (k + 3)) % 10007) / 10007.0)::text FROM generate_series(0, 7) k), 'sampler',
       CASE WHEN n % 9 = 0 THEN 'pruned' ELSE 'completed' END, 1, ARRAY[((n * 7919 * 3) % 10007) / 10007.0 + ((n * 31) % 100) / 300.0],
       sweep_now() - 86400000 + n * 800, sweep_now() - 86400000 + n * 800, sweep_now() - 86400000 + n * 800 + 30000
     FROM generate_series(1, $3::bigint) n`,
    [id, letter, trials],
  );
  await client.query(
    `INSERT INTO runs (id, handle, project_id, sweep_id, trial_id, user_id, name, config, config_index, created_at)
     SELECT t.id, t.id, $2, t.sweep_id, t.id, $3, 'trial-' || t.number, t.params, t.params::jsonb, t.created_at FROM trials t WHERE t.sweep_id = $1`,
    [id, ids.project, user],
  );
  await client.query(
    `INSERT INTO agents (id, name, pool, state, machine, slots, version) VALUES ($1, $1, 'default', 'offline', $2, $3, '0')`,
    [
      `box-${letter}`,
      JSON.stringify({ hostname: 'box', platform: 'linux', cpus: 16, memoryBytes: 1e11, gpus: [], labels: {} }),
      JSON.stringify(Array.from({ length: 16 }, (_, index) => ({ index, gpus: [] }))),
    ],
  );
  await client.query(
    `INSERT INTO attempts (trial_id, number, agent_id, slot, lease_id, run_id, started_at, ended_at, outcome, counted)
     SELECT t.id, 1, $2, t.number % 16, 'l' || t.id, t.id, t.started_at, t.ended_at,
       '{"exitCode":0,"signal":null,"signalled":false,"evidence":null,"detail":"exit code 0"}', true FROM trials t WHERE t.sweep_id = $1`,
    [id, `box-${letter}`],
  );
}

const series = (name, count, from, value) => ({
  name,
  steps: Float64Array.from({ length: count }, (_, at) => from + at),
  values: Float64Array.from({ length: count }, (_, at) => value(from + at)),
  times: Float64Array.from({ length: count }, (_, at) => Date.UTC(2026, 0, 1) + (from + at) * 100),
});

async function writePoints(store) {
  const curve = (trial) => (step) => Math.exp(-step / 30) + (trial % 97) / 200 + Math.sin(step * trial) / 50;
  for (let from = 1; from <= 1_000; from += 100) {
    await store.metrics.append(
      Array.from({ length: 100 }, (_, at) => {
        const number = from + at;
        const run = `c${String(number).padStart(7, '0')}`;
        return { run, attempt: 1, batch: { sequence: 1, series: [series('loss', 100, 0, curve(number))] } };
      }),
    );
  }
  const size = 4_000;
  for (let at = 0; at < longPoints / size; at += 1) {
    const wave = series('wave', size, at * size, (step) => Math.sin(step / 5_000) + Math.sin(step * 12.9898) / 5);
    await store.metrics.append([{ run: 'm0000001', attempt: 1, batch: { sequence: at + 1, series: [wave] } }]);
  }
  while ((await store.metrics.compact(10_000)) > 0);
}

async function connected(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
