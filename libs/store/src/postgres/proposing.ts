/**
 * One step of a sampler, in one transaction: ends that it saw enter the log, trials are queued, and queued ones that nobody took yet get
 * new params.
 *
 * Locks are taken in the order trial, sweep, as when trials are handed out.
 */
import { Bug, type SweepEventRecord, type SweepId, type Trial } from '@sweep/domain';
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { paramsToText, searchableText } from '../params-text.js';
import type { StoredProposal } from '../search-log.js';
import type { NewTrial, RenewedTrial, SamplerStep } from '../store.js';
import { type Database, emit, type Queries } from './database.js';
import { type TrialRow, toTrial } from './rows.js';
import { decisions, runs, sweeps, trials } from './schema.js';

/** Rows of one INSERT: its parameters must stay below the protocol's 65,535. */
const rowsAtOnce = 1_000;

export interface Proposing {
  readonly sweep: SweepId;
  readonly expectedVersion: number;
  readonly proposed: readonly NewTrial[];
  readonly step: SamplerStep | null;
}

export async function propose(database: Database, { sweep, expectedVersion, proposed, step }: Proposing): Promise<readonly Trial[] | null> {
  return await database.write(async (queries) => {
    if (step !== null && !(await lockWaiting(queries, sweep, step.renewed))) return null;
    const owner = await claimSweep(queries, sweep, expectedVersion, step);
    if (owner === undefined) return null;
    if (step !== null) {
      await enterLog(queries, sweep, owner.logLength - step.observed.length, step.observed);
      await renew(queries, sweep, step.renewed);
    }
    // The row of the sweep is ours until commit, so nobody else takes these numbers.
    const [last] = await queries
      .select({ number: sql<number>`coalesce(max(${trials.number}), 0)` })
      .from(trials)
      .where(eq(trials.sweepId, sweep));
    const made: Trial[] = [];
    for (let at = 0; at < proposed.length; at += rowsAtOnce) {
      const part = proposed.slice(at, at + rowsAtOnce);
      made.push(...(await insertTrials(queries, { sweep, project: owner.project, firstNumber: last!.number + at + 1 }, part)));
    }
    return made;
  });
}

/** False unless all of them are still queued, were never leased, and are nobody's at this moment. */
async function lockWaiting(queries: Queries, sweep: SweepId, renewed: readonly RenewedTrial[]): Promise<boolean> {
  if (renewed.length === 0) return true;
  const numbers = renewed.map(({ number }) => number);
  const rows = await queries
    .select({ id: trials.id })
    .from(trials)
    .where(and(eq(trials.sweepId, sweep), inArray(trials.number, numbers), eq(trials.state, 'queued'), eq(trials.attempt, 0)))
    .orderBy(asc(trials.number))
    .for('no key update', { skipLocked: true });
  return rows.length === numbers.length;
}

async function claimSweep(queries: Queries, sweep: SweepId, expectedVersion: number, step: SamplerStep | null) {
  const moved =
    step === null
      ? {}
      : { cursor: step.cursor, exhausted: step.exhausted, logLength: sql<number>`${sweeps.logLength} + ${step.observed.length}::integer` };
  const [owner] = await queries
    .update(sweeps)
    .set({ version: sql`${sweeps.version} + 1`, ...moved })
    .where(
      and(
        eq(sweeps.id, sweep),
        eq(sweeps.version, expectedVersion),
        inArray(sweeps.state, ['pending', 'running', 'paused']),
        isNull(sweeps.deletedAt),
      ),
    )
    .returning({ project: sweeps.projectId, logLength: sweeps.logLength });
  return owner;
}

async function enterLog(queries: Queries, sweep: SweepId, before: number, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return;
  const { rowCount } = await queries.execute(sql`
    UPDATE trials t SET observed = ${before}::integer + o.place
    FROM unnest(${sql.param([...numbers])}::integer[]) WITH ORDINALITY o(number, place)
    WHERE t.sweep_id = ${sweep} AND t.number = o.number AND t.observed IS NULL`);
  // The sweep's version says that nobody else wrote in the log since the caller read it.
  if (rowCount !== numbers.length)
    throw new Bug(`of the trials ${numbers.join(', ')} of sweep ${sweep} only ${rowCount} could enter the log`);
}

async function renew(queries: Queries, sweep: SweepId, renewed: readonly RenewedTrial[]): Promise<void> {
  const happened: SweepEventRecord[] = [];
  for (const { number, params, why, proposal } of renewed) {
    const text = paramsToText(params);
    const [row] = await queries
      .update(trials)
      .set({ params: text, ...proposalColumnsOf(proposal) })
      .where(and(eq(trials.sweepId, sweep), eq(trials.number, number)))
      .returning();
    await queries
      .update(runs)
      .set({ config: text, configIndex: searchableText(text) })
      .where(eq(runs.trialId, row!.id));
    await queries.insert(decisions).values({ sweepId: sweep, trialId: row!.id, about: 'proposed', text: why });
    happened.push(stateEvent(row!));
  }
  await emit(queries, happened);
}

const proposalColumnsOf = (proposal: StoredProposal | null) => ({
  proposalIndex: proposal?.index ?? null,
  asOf: proposal?.asOf ?? null,
  proposalRevision: proposal?.revision ?? null,
  samplerVersion: proposal?.samplerVersion ?? null,
  proposalDetail: proposal?.detail ?? null,
});

interface Place {
  readonly sweep: SweepId;
  readonly project: (typeof sweeps.$inferSelect)['projectId'];
  readonly firstNumber: number;
}

async function insertTrials(
  queries: Queries,
  { sweep, project, firstNumber }: Place,
  proposed: readonly NewTrial[],
): Promise<readonly Trial[]> {
  const rows = proposed.map(({ id, params, origin, retryOf, proposal }, i) => ({
    id,
    sweepId: sweep,
    number: firstNumber + i,
    params: paramsToText(params),
    origin,
    retryOf,
    state: 'queued' as const,
    ...proposalColumnsOf(proposal),
  }));
  const made = await queries.insert(trials).values(rows).returning();
  await queries.insert(runs).values(
    rows.map(({ id, number, params }) => ({
      id,
      handle: id,
      projectId: project,
      sweepId: sweep,
      trialId: id,
      name: `trial-${number}`,
      config: params,
      configIndex: searchableText(params),
    })),
  );
  await queries
    .insert(decisions)
    .values(proposed.map(({ id, why }) => ({ sweepId: sweep, trialId: id, about: 'proposed' as const, text: why })));
  await emit(queries, made.map(stateEvent));
  return made.map(toTrial);
}

export const stateEvent = ({ id, sweepId, number, state, attempt }: TrialRow): SweepEventRecord => ({
  kind: 'trial.state',
  sweep: sweepId,
  trial: id,
  number,
  state,
  attempt,
});
