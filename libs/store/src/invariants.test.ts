import { Unavailable } from '@sweep/domain';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { aLease, ended, exitThree, happens, lost, newSweep, newTrial, propose, series } from '../testing/contract/fixture.js';
import { testDatabase } from '../testing/index.js';
import { checkInvariants } from './invariants.js';
import { openPostgres } from './postgres/open.js';
import type { Store } from './store.js';

const grid = 'method: grid\nparameters:\n  lr: {values: [0.5, 1.5]}\n';
const probe = await testDatabase();
if ('skip' in probe) it.skip(`the invariants: ${probe.skip}`, () => {});
else await probe.drop();

describe.skipIf('skip' in probe)('the invariants', () => {
  let url = '';
  let store: Store;
  let drop = async (): Promise<void> => undefined;
  let client: pg.Client;

  beforeEach(async () => {
    const database = await testDatabase();
    if ('skip' in database) throw new Error(database.skip);
    ({ url } = database);
    store = await openPostgres({ url });
    client = new pg.Client({ connectionString: url });
    await client.connect();
    drop = async () => {
      await client.end();
      await store.close();
      await database.drop();
    };
    await healthy();
    return () => drop();
  });

  /** A grid sweep: one trial ended with points, lines and output, one retried and running. */
  async function healthy(): Promise<void> {
    const sweep = await newSweep(store, { id: 'grid' as never, config: grid, runCap: 2 });
    await propose(store, sweep, 2);
    const one = (await store.trials.lease(aLease(sweep)))!.trial;
    const run = one.id as never;
    for (let sequence = 1; sequence <= 4; sequence++) {
      await store.metrics.append([{ run, attempt: 1, batch: { sequence, series: [series('loss', [3, 2], sequence * 2)] } }]);
    }
    const decide = () => ({ change: {}, series: [] });
    const block = (offset: number, lines: readonly string[]) => ({
      run,
      attempt: 1,
      blocks: [{ stream: 'history' as const, offset, lines }],
      decide,
    });
    await store.lines.write(block(0, ['{}', '{}']));
    await store.lines.write(block(2, ['{}']));
    const data = Buffer.from('epoch 1\n');
    await store.logs.append([{ run, attempt: 1, stream: 'stdout', offset: 0, data }]);
    await store.logs.append([{ run, attempt: 1, stream: 'stdout', offset: 8, data }]);
    await happens(store, one, ended(one, 2));
    const two = (await store.trials.lease(aLease(sweep)))!.trial;
    await client.query(
      "UPDATE trials SET state = 'queued', lease_id = NULL, lease_agent = NULL, lease_slot = NULL, lease_expires_at = NULL WHERE id = $1",
      [two.id],
    );
    await client.query('UPDATE attempts SET ended_at = sweep_now(), outcome = $2 WHERE trial_id = $1', [two.id, exitThree]);
    await store.trials.lease(aLease(sweep));
  }

  const trial = (number: number): string => `(SELECT id FROM trials WHERE sweep_id = 'grid' AND number = ${number})`;
  /** What is found once these statements have run, without the ids. */
  async function after(...statements: readonly string[]): Promise<readonly string[]> {
    for (const statement of statements) await client.query(statement);
    return (await checkInvariants(url)).map(({ invariant, what }) => `${invariant} ${what}`);
  }
  const unguarded = (constraint: string): string => `ALTER TABLE trials DROP CONSTRAINT ${constraint}`;

  it('hold in a database that only the store has written', async () => {
    expect(await checkInvariants(url)).toEqual([]);
  });

  it('hold after compaction', async () => {
    expect(await store.metrics.compact(100)).toBe(3);
    expect(await checkInvariants(url)).toEqual([]);
  });

  it('hold for a trial that was cancelled while it waited for its retry', async () => {
    const sweep = await newSweep(store);
    await propose(store, sweep, 1);
    const { trial: leased } = (await store.trials.lease(aLease(sweep)))!;
    await client.query(
      "UPDATE trials SET state = 'queued', lease_id = NULL, lease_agent = NULL, lease_slot = NULL, lease_expires_at = NULL WHERE id = $1",
      [leased.id],
    );
    await client.query('UPDATE attempts SET ended_at = sweep_now() WHERE trial_id = $1', [leased.id]);
    await happens(store, (await store.trials.find(leased.id))!, { kind: 'cancel', reason: 'enough' });
    expect(await checkInvariants(url)).toEqual([]);
  });

  it('hold for a sweep whose trials were taken back from their replacement', async () => {
    const sweep = await newSweep(store);
    await propose(store, sweep, 1);
    const first = (await store.trials.lease(aLease(sweep)))!.trial;
    await happens(store, first, lost);
    const second = (await store.trials.lease(aLease(sweep)))!.trial;
    expect(await store.trials.takeBack(second, 1, first.lease!, 30_000)).toBe(true);
    expect(await checkInvariants(url)).toEqual([]);
  });

  it('I1: a trial that runs without a lease', async () => {
    const set = `UPDATE trials SET lease_id = NULL, lease_agent = NULL, lease_slot = NULL, lease_expires_at = NULL WHERE id = ${trial(2)}`;
    const found = await after(unguarded('trials_lease_stands_while_live'), set);
    expect(found).toContainEqual(expect.stringMatching(/^I1 trial \w+ is running, and its lease is none$/));
  });

  it('I1: a lease that is only half there', async () => {
    const found = await after(
      unguarded('trials_lease_stands_while_live'),
      `UPDATE trials SET lease_expires_at = NULL WHERE id = ${trial(2)}`,
    );
    expect(found).toEqual([expect.stringMatching(/^I1 trial \w+ is running, and its lease is \w+$/)]);
  });

  it('I1: a lease that the attempt does not know, and so an attempt that the trial does not know', async () => {
    const found = await after(`UPDATE trials SET lease_id = 'other' WHERE id = ${trial(2)}`);
    expect(found).toEqual([
      expect.stringMatching(/^I1 trial \w+ is running as attempt 2 under lease other, and no open attempt says so$/),
      expect.stringMatching(/^I1 attempt 2 of trial \w+ is open under lease \w+, which the trial does not hold$/),
    ]);
  });

  it('I1: an attempt left open', async () => {
    const found = await after(`UPDATE attempts SET ended_at = NULL WHERE trial_id = ${trial(2)} AND number = 1`);
    expect(found).toEqual([expect.stringMatching(/^I1 attempt 1 of trial \w+ is open/)]);
  });

  it('I1: a lease that two trials hold', async () => {
    const found = await after(
      'DROP INDEX trials_one_lease',
      unguarded('trials_lease_stands_while_live'),
      `UPDATE trials SET lease_id = (SELECT lease_id FROM trials WHERE id = ${trial(2)}) WHERE id = ${trial(1)}`,
    );
    expect(found).toContainEqual(expect.stringMatching(/^I1 lease \w+ is held by the trials \w+, \w+$/));
  });

  it('I2: a completed trial without a counted result', async () => {
    const found = await after(`UPDATE attempts SET counted = false WHERE trial_id = ${trial(1)}`);
    expect(found).toEqual([expect.stringMatching(/^I2 trial \w+ is completed, and 0 of its attempts count$/)]);
  });

  it('I2: a counted result of a trial that still runs', async () => {
    const found = await after(`UPDATE attempts SET counted = true WHERE trial_id = ${trial(2)} AND number = 1`);
    expect(found).toEqual([expect.stringMatching(/^I2 trial \w+ is running, and 1 of its attempts count$/)]);
  });

  it('I2: a result that is counted twice', async () => {
    const found = await after(
      'DROP INDEX attempts_one_counted',
      `INSERT INTO attempts (trial_id, number, agent_id, slot, lease_id, run_id, ended_at, counted)
       SELECT trial_id, 2, agent_id, slot, 'second', run_id, ended_at, true FROM attempts WHERE trial_id = ${trial(1)}`,
    );
    expect(found).toEqual([expect.stringMatching(/^I2 trial \w+ is completed, and 2 of its attempts count$/)]);
  });

  it('I2: a missing attempt', async () => {
    const found = await after(`DELETE FROM attempts WHERE trial_id = ${trial(2)} AND number = 1`);
    expect(found).toEqual([expect.stringMatching(/^I2 trial \w+ is at attempt 2, and its attempts are \{2\}$/)]);
  });

  it('I3: a grid point tried twice', async () => {
    const found = await after(`UPDATE trials SET params = (SELECT params FROM trials WHERE id = ${trial(1)}) WHERE id = ${trial(2)}`);
    expect(found).toEqual(['I3 sweep grid tried {"lr":0.5} as the trials 1, 2']);
  });

  it('I3: a grid that ended with a point untried', async () => {
    const end =
      "UPDATE sweeps SET state = 'completed', reason = 'exhausted', ended_at = sweep_now(), config = $$" +
      grid.replace('1.5', '1.5, 2.5') +
      "$$ WHERE id = 'grid'";
    expect(await after(end)).toEqual(['I3 sweep grid is over, and only 2 of its 3 points were tried']);
  });

  it('I3 leaves alone what a person tries again, and what another method repeats', async () => {
    const sweep = await newSweep(store);
    const same = [newTrial({ lr: 1 }), newTrial({ lr: 1 })];
    await store.trials.propose(sweep.id, sweep.version, same, null);
    expect(
      await after(`UPDATE trials SET origin = 'retry', params = (SELECT params FROM trials WHERE id = ${trial(1)}) WHERE id = ${trial(2)}`),
    ).toEqual([]);
  });

  it('I6: a batch of points that is missing', async () => {
    const found = await after('DELETE FROM metric_chunks WHERE sequence = 3');
    expect(found).toEqual([
      expect.stringMatching(/^I6 points of run \w+, attempt 1: acknowledged up to batch 4, and there are \{\[1,3\),\[4,5\)\}$/),
      expect.stringMatching(/^I6 points of run \w+, attempt 1: loss has 6, and 8 were taken$/),
    ]);
  });

  it('I6: points that compaction wrote twice', async () => {
    await store.metrics.compact(100);
    const found = await after(
      `INSERT INTO metric_chunks SELECT run_id, attempt, name, 4, 4, 2, first_step, bytes, level FROM metric_chunks`,
    );
    expect(found).toEqual([
      expect.stringMatching(/^I6 points of run \w+, attempt 1: loss has batch 4 twice$/),
      expect.stringMatching(/^I6 points of run \w+, attempt 1: loss has 10, and 8 were taken$/),
    ]);
  });

  it('I6: all points of an attempt gone, and points of an attempt that never was', async () => {
    const found = await after('UPDATE metric_chunks SET attempt = 7', 'UPDATE metric_last SET attempt = 7');
    expect(found.slice().sort()).toEqual([
      expect.stringMatching(/^I6 points of run \w+, attempt 1: acknowledged up to batch 4, and there are none$/),
      expect.stringMatching(/^I6 points of run \w+, attempt 7: acknowledged up to batch no attempt, and there are \{\[1,5\)\}$/),
    ]);
  });

  it('I6: a gap in the output, and output that is shorter than was taken', async () => {
    expect(await after('DELETE FROM log_chunks WHERE start = 0')).toEqual([
      expect.stringMatching(/^I6 stdout of run \w+, attempt 1: bytes 8 to 16 follow byte 0$/),
    ]);
    expect(await after('DELETE FROM log_chunks')).toEqual([
      expect.stringMatching(/^I6 stdout of run \w+, attempt 1: 16 bytes were taken, and there are 0$/),
    ]);
  });

  it('I6: a gap and a repetition in the lines of a stream', async () => {
    const moved = (by: number) => `UPDATE history_chunks SET first_line = first_line + ${by} WHERE first_line > 0`;
    expect(await after(moved(2))).toEqual([expect.stringMatching(/^I6 stream history of run \w+, attempt 1: line 4 follows line 2$/)]);
    expect(await after(moved(-3))).toEqual([expect.stringMatching(/^I6 stream history of run \w+, attempt 1: line 1 follows line 2$/)]);
  });

  it('I7: a trial that is missing between others', async () => {
    expect(await after(`UPDATE trials SET number = 4 WHERE id = ${trial(2)}`)).toEqual(['I7 sweep grid has 2 trials, numbered up to 4']);
  });

  it('I7: a gap in the log of a search', async () => {
    expect(await after("UPDATE sweeps SET log_length = 1 WHERE id = 'grid'")).toEqual([
      'I7 the log of sweep grid has 0 ends, the last at place 0, and should have 1',
    ]);
  });

  it('I7: a proposal from less of the log than the one before it', async () => {
    const proposed = (number: number, asOf: number) =>
      `UPDATE trials SET proposal_index = ${number - 1}, as_of = ${asOf}, proposal_revision = 1, sampler_version = 1 WHERE id = ${trial(number)}`;
    expect(await after(`${proposed(1, 0)}; ${proposed(2, 3)}`)).toEqual([]);
    expect(await after(proposed(1, 4))).toEqual([
      'I7 trial 2 of sweep grid was proposed from 3 ends, and one before it from 4: it cannot be computed again',
    ]);
  });

  it('I8: more trials than the budget allows, not counting those that died empty', async () => {
    const more =
      "INSERT INTO trials (id, sweep_id, number, params, origin, state, ended_at) VALUES ('extra', 'grid', 3, '{}', 'sampler', 'cancelled', 1)";
    expect(await after(more)).toEqual([]);
    const lives = "UPDATE trials SET state = 'queued', ended_at = NULL WHERE id = 'extra'";
    expect(await after(lives)).toEqual(['I8 sweep grid may have 2 trials, and 3 were proposed that did not die empty']);
  });

  it('I8 is not broken by a cap that was lowered later', async () => {
    expect(await after("UPDATE sweeps SET run_cap = 1 WHERE id = 'grid'")).toEqual([]);
  });

  it('cannot be judged where no database answers', async () => {
    await expect(checkInvariants('postgresql://nobody@127.0.0.1:1/none')).rejects.toThrow(Unavailable);
  });
});
