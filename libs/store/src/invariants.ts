/**
 * What must hold in the tables whatever was killed: one query a promise, each answering the rows that break it.
 *
 * Reads only, and one snapshot, so that it may run beside a live system. What the tables alone cannot show is not here: that
 * acknowledged messages were kept (I4), and that no process outlives its attempt (I5).
 */
import { expectedTrials, parseSweepFile } from '@sweep/sweep-file';
import pg from 'pg';
import { firstLinePlace } from './metrics/line-points.js';
import { mapped } from './postgres/failure.js';

export type InvariantName = 'I1' | 'I2' | 'I3' | 'I6' | 'I7' | 'I8';

export interface Violation {
  readonly invariant: InvariantName;
  readonly what: string;
}

interface Check {
  readonly invariant: InvariantName;
  /** Answers one column, `what`. */
  readonly query: string;
}

/** Of one query: a broken promise is mostly broken often. */
const mostRows = 100;

/** I1: one current lease a trial, in its row, and the attempt that goes with it. */
const leases: readonly Check[] = [
  {
    invariant: 'I1',
    query: `
      SELECT format('trial %s is %s, and its lease is %s', id, state, coalesce(lease_id, 'none')) AS what FROM trials
      WHERE (state IN ('running', 'stopping')) <> (lease_id IS NOT NULL)
        OR num_nulls(lease_id, lease_agent, lease_slot, lease_expires_at) NOT IN (0, 4)`,
  },
  {
    invariant: 'I1',
    query: `
      SELECT format('trial %s is %s as attempt %s under lease %s, and no open attempt says so', t.id, t.state, t.attempt, t.lease_id) AS what
      FROM trials t
      LEFT JOIN attempts a ON a.trial_id = t.id AND a.number = t.attempt AND a.ended_at IS NULL
        AND a.lease_id = t.lease_id AND a.agent_id = t.lease_agent AND a.slot = t.lease_slot
      WHERE t.state IN ('running', 'stopping') AND a.trial_id IS NULL`,
  },
  {
    invariant: 'I1',
    query: `
      SELECT format('attempt %s of trial %s is open under lease %s, which the trial does not hold', a.number, a.trial_id, a.lease_id) AS what
      FROM attempts a JOIN trials t ON t.id = a.trial_id
      WHERE a.ended_at IS NULL AND (t.lease_id IS DISTINCT FROM a.lease_id OR t.attempt <> a.number)`,
  },
  {
    invariant: 'I1',
    query: `
      SELECT format('lease %s is held by the trials %s', lease_id, string_agg(id, ', ' ORDER BY id)) AS what
      FROM trials WHERE lease_id IS NOT NULL GROUP BY lease_id HAVING count(*) > 1`,
  },
];

/** I2: a result is counted once, and the attempts explain every execution. */
const results: readonly Check[] = [
  {
    invariant: 'I2',
    // One that waited for a retry when it was cancelled has attempts and no result.
    query: `
      SELECT format('trial %s is %s, and %s of its attempts count', t.id, t.state, n.counted) AS what
      FROM trials t
      CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE a.counted) AS counted FROM attempts a WHERE a.trial_id = t.id) n
      WHERE CASE
        WHEN t.state IN ('completed', 'pruned', 'failed') THEN n.counted <> 1
        WHEN t.state = 'cancelled' THEN n.counted > 1
        ELSE n.counted > 0
      END`,
  },
  {
    invariant: 'I2',
    query: `
      SELECT format('trial %s is at attempt %s, and its attempts are %s', t.id, t.attempt, coalesce(n.numbers::text, 'none')) AS what
      FROM trials t
      CROSS JOIN LATERAL (
        SELECT array_agg(a.number ORDER BY a.number) AS numbers, count(*) AS n, coalesce(max(a.number), 0) AS last
        FROM attempts a WHERE a.trial_id = t.id
      ) n
      -- After an agent came back with its attempt there may be later ones.
      WHERE n.n <> n.last OR t.attempt > n.last OR (t.attempt = 0 AND n.n > 0)`,
  },
];

/** I6: points, lines and bytes have no gap and no duplicate. Compaction may merge chunks, never change what they hold together. */
const streams: readonly Check[] = [
  {
    invariant: 'I6',
    query: `
      SELECT format('points of run %s, attempt %s: %s has batch %s twice', run_id, attempt, name, sequence) AS what
      FROM (
        SELECT *, max(last_sequence) OVER (
          PARTITION BY run_id, attempt, name ORDER BY sequence ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before FROM metric_chunks
      ) c
      WHERE sequence <= before`,
  },
  {
    invariant: 'I6',
    query: `
      SELECT format('points of run %s, attempt %s: acknowledged up to batch %s, and there are %s',
        coalesce(s.run_id, a.run), coalesce(s.attempt, a.number),
        coalesce(a.point_sequence::text, 'no attempt'), coalesce(s.batches::text, 'none')) AS what
      FROM (
        SELECT run_id, attempt, range_agg(int4range(sequence, last_sequence, '[]')) AS batches FROM metric_chunks
        -- Beyond stand the points of client lines, by the numbers of their lines.
        WHERE sequence < ${firstLinePlace} GROUP BY run_id, attempt
      ) s
      FULL JOIN (SELECT run_id AS run, number, point_sequence FROM attempts WHERE point_sequence > 0) a
        ON a.run = s.run_id AND a.number = s.attempt
      WHERE s.batches IS DISTINCT FROM int4multirange(int4range(1, a.point_sequence, '[]'))`,
  },
  {
    invariant: 'I6',
    query: `
      SELECT format('points of run %s, attempt %s: %s has %s, and %s were taken', coalesce(c.run_id, l.run_id),
        coalesce(c.attempt, l.attempt), coalesce(c.name, l.name), coalesce(c.n, 0), coalesce(l.count, 0)) AS what
      FROM (SELECT run_id, attempt, name, sum(n) AS n FROM metric_chunks GROUP BY run_id, attempt, name) c
      FULL JOIN metric_last l ON l.run_id = c.run_id AND l.attempt = c.attempt AND l.name = c.name
      WHERE c.n IS DISTINCT FROM l.count`,
  },
  {
    invariant: 'I6',
    query: `
      SELECT format('%s of run %s, attempt %s: bytes %s to %s follow byte %s', stream, run_id, attempt, start, start + size, before) AS what
      FROM (
        SELECT *, coalesce(lag(start + size) OVER (PARTITION BY run_id, attempt, stream ORDER BY start), 0) AS before FROM log_chunks
      ) c
      WHERE start <> before OR size <> octet_length(data)`,
  },
  {
    invariant: 'I6',
    query: `
      SELECT format('%s of run %s, attempt %s: %s bytes were taken, and there are %s', coalesce(s.stream, c.stream),
        coalesce(s.run_id, c.run_id), coalesce(s.attempt, c.attempt), coalesce(s.size, 0), coalesce(c.size, 0)) AS what
      FROM log_streams s
      FULL JOIN (SELECT run_id, attempt, stream, max(start + size) AS size FROM log_chunks GROUP BY run_id, attempt, stream) c
        ON c.run_id = s.run_id AND c.attempt = s.attempt AND c.stream = s.stream
      WHERE coalesce(s.size, 0) <> coalesce(c.size, 0)`,
  },
  {
    invariant: 'I6',
    query: `
      SELECT format('stream %s of run %s, attempt %s: line %s follows line %s', stream, run_id, attempt, first_line, before) AS what
      FROM (
        SELECT *, coalesce(lag(first_line + n) OVER (PARTITION BY run_id, attempt, stream ORDER BY first_line), 0) AS before FROM history_chunks
      ) c
      WHERE first_line <> before`,
  },
];

/** I7: counts are sums of rows, so no row may be missing. */
const numbers: readonly Check[] = [
  {
    invariant: 'I7',
    query: `
      SELECT format('sweep %s has %s trials, numbered up to %s', sweep_id, count(*), max(number)) AS what
      FROM trials GROUP BY sweep_id HAVING count(*) <> max(number)`,
  },
  {
    invariant: 'I7',
    query: `
      SELECT format('the log of sweep %s has %s ends, the last at place %s, and should have %s', s.id, count(t.observed),
        coalesce(max(t.observed), 0), s.log_length) AS what
      FROM sweeps s LEFT JOIN trials t ON t.sweep_id = s.id GROUP BY s.id
      HAVING count(t.observed) <> s.log_length OR coalesce(max(t.observed), 0) <> s.log_length`,
  },
  {
    invariant: 'I7',
    query: `
      SELECT format('trial %s of sweep %s was proposed from %s ends, and one before it from %s: it cannot be computed again', number, sweep_id,
        as_of, before) AS what
      FROM (
        SELECT *, max(as_of) OVER (PARTITION BY sweep_id ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM trials WHERE as_of IS NOT NULL
      ) t
      WHERE as_of < before`,
  },
];

/** I8: no more trials are proposed than the budget allows. People may add to it; trials that died without a value are not counted. */
const budgets: readonly Check[] = [
  {
    invariant: 'I8',
    query: `
      SELECT format('sweep %s may have %s trials, and %s were proposed that did not die empty', s.id, c.cap, n.n) AS what
      FROM sweeps s
      CROSS JOIN LATERAL (
        -- A cap that was lowered does not undo what was proposed before.
        SELECT max(caps.run_cap) AS cap, bool_or(caps.run_cap IS NULL) AS unlimited
        FROM (SELECT s.run_cap UNION ALL SELECT r.run_cap FROM sweep_revisions r WHERE r.sweep_id = s.id) caps
      ) c
      CROSS JOIN LATERAL (
        SELECT count(*) AS n FROM trials t
        WHERE t.sweep_id = s.id AND t.origin = 'sampler' AND NOT (
          t.state IN ('failed', 'cancelled', 'pruned')
          AND NOT EXISTS (SELECT 1 FROM metric_last m JOIN runs r ON r.id = m.run_id WHERE r.trial_id = t.id))
      ) n
      WHERE NOT c.unlimited AND n.n > c.cap`,
  },
];

/** Empty when all holds. Throws `Unavailable` when the database does not answer. */
export async function checkInvariants(url: string): Promise<readonly Violation[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: 'sweep-invariants' });
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const found: Violation[] = [];
    for (const { invariant, query } of [...leases, ...results]) found.push(...(await ask(client, invariant, query)));
    found.push(...(await checkGrids(client)));
    for (const { invariant, query } of [...streams, ...numbers, ...budgets]) found.push(...(await ask(client, invariant, query)));
    return found;
  } catch (error) {
    throw mapped(error);
  } finally {
    await client.end();
  }
}

async function ask(
  client: pg.Client,
  invariant: InvariantName,
  query: string,
  values: readonly unknown[] = [],
): Promise<readonly Violation[]> {
  const { rows } = await client.query<{ what: string }>(`${query} LIMIT ${mostRows}`, [...values]);
  return rows.map(({ what }) => ({ invariant, what }));
}

interface GridRow {
  readonly id: string;
  readonly config: string;
  readonly reason: string | null;
  readonly points: number;
  /** Points that came another way: the sampler leaves them out. */
  readonly others: boolean;
}

/** I3: every point of a grid exactly once, no matter what died. */
async function checkGrids(client: pg.Client): Promise<readonly Violation[]> {
  const { rows } = await client.query<GridRow>(`
    SELECT s.id, s.config, s.reason, count(*) FILTER (WHERE t.origin = 'sampler')::int AS points,
      cardinality(s.prior_runs) > 0 OR coalesce(bool_or(t.origin <> 'sampler'), false) AS others
    FROM sweeps s LEFT JOIN trials t ON t.sweep_id = s.id
    WHERE s.config LIKE '%grid%' GROUP BY s.id ORDER BY s.id`);
  const found: Violation[] = [];
  for (const sweep of rows) {
    const { spec } = parseSweepFile(sweep.config);
    if (spec === null || spec.method !== 'grid') continue;
    found.push(...(await ask(client, 'I3', repeatedPoints, [sweep.id])));
    const expected = expectedTrials(spec);
    if (sweep.reason !== 'exhausted' || sweep.others || expected === null || sweep.points >= expected) continue;
    found.push({ invariant: 'I3', what: `sweep ${sweep.id} is over, and only ${sweep.points} of its ${expected} points were tried` });
  }
  return found;
}

/** A person's retry repeats a point on purpose, so only what the sampler proposed is compared. */
const repeatedPoints = `
  SELECT format('sweep %s tried %s as the trials %s', sweep_id, params, string_agg(number::text, ', ' ORDER BY number)) AS what
  FROM trials WHERE sweep_id = $1 AND origin = 'sampler' GROUP BY sweep_id, params HAVING count(*) > 1`;
