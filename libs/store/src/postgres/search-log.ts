/** The log of a sweep's search: reading it. It is extended by proposing.ts. */
import type { SweepId, TrialId } from '@sweep/domain';
import { and, asc, desc, eq, gt, isNotNull, isNull, ne } from 'drizzle-orm';
import { pageOf, readCursor } from '../paging.js';
import {
  type EndedEntry,
  type LogEntry,
  type LoggedTrial,
  measuredEntry,
  type SearchLogStore,
  type StoredProposal,
  toLogEntry,
  type UnobservedTrial,
} from '../search-log.js';
import type { Page, PageRequest } from '../store.js';
import type { Database } from './database.js';
import type { TrialRow } from './rows.js';
import { priorResults, trials } from './schema.js';

const entryColumns = {
  number: trials.number,
  params: trials.params,
  state: trials.state,
  values: trials.values,
  limits: trials.limits,
  curve: trials.curve,
  cause: trials.cause,
} as const;

const proposalColumns = {
  proposalIndex: trials.proposalIndex,
  asOf: trials.asOf,
  proposalRevision: trials.proposalRevision,
  samplerVersion: trials.samplerVersion,
  proposalDetail: trials.proposalDetail,
} as const;

export class PostgresSearchLog implements SearchLogStore {
  constructor(private readonly database: Database) {}

  async priors(sweep: SweepId): Promise<readonly EndedEntry[]> {
    const rows = await this.database.read((queries) =>
      queries.select().from(priorResults).where(eq(priorResults.sweepId, sweep)).orderBy(desc(priorResults.number)),
    );
    return rows.map(({ sweepId: _sweep, blame, number, params, state, ...measured }) => {
      const entry = { number, params, state, ...measuredEntry(measured) };
      return blame === null ? entry : { ...entry, blame };
    });
  }

  async observed(sweep: SweepId, after: number, limit: number): Promise<readonly LogEntry[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select(entryColumns)
        .from(trials)
        .where(and(eq(trials.sweepId, sweep), isNotNull(trials.observed), gt(trials.observed, after)))
        .orderBy(asc(trials.observed))
        .limit(limit),
    );
    return rows.map(toLogEntry);
  }

  async unobserved(sweep: SweepId, after: number, limit: number): Promise<readonly UnobservedTrial[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select({ ...entryColumns, attempt: trials.attempt, index: trials.proposalIndex })
        .from(trials)
        .where(and(eq(trials.sweepId, sweep), isNull(trials.observed), gt(trials.number, after)))
        .orderBy(asc(trials.number))
        .limit(limit),
    );
    return rows.map(({ attempt, index, ...row }) => ({
      ...toLogEntry(row),
      renewable: row.state === 'queued' && attempt === 0 ? index : null,
    }));
  }

  async others(sweep: SweepId): Promise<readonly LogEntry[]> {
    const rows = await this.database.read((queries) =>
      queries
        .select(entryColumns)
        .from(trials)
        .where(and(eq(trials.sweepId, sweep), ne(trials.origin, 'sampler')))
        .orderBy(asc(trials.number)),
    );
    return rows.map(toLogEntry);
  }

  async trials(sweep: SweepId, { limit, cursor }: PageRequest): Promise<Page<LoggedTrial>> {
    const after = readCursor(cursor, [0])?.[0] ?? 0;
    return await this.database.read(async (queries) => {
      const rows = await queries
        .select({ ...entryColumns, ...proposalColumns, origin: trials.origin, observed: trials.observed })
        .from(trials)
        .where(and(eq(trials.sweepId, sweep), gt(trials.number, after)))
        .orderBy(asc(trials.number))
        .limit(limit + 1);
      const logged = rows.map((row) => ({
        ...toLogEntry(row),
        origin: row.origin,
        observed: row.observed,
        proposal: toProposal(row),
      }));
      return pageOf(logged, limit, await queries.$count(trials, eq(trials.sweepId, sweep)), ({ number }) => [number]);
    });
  }

  async proposal(trial: TrialId): Promise<StoredProposal | null> {
    const [row] = await this.database.read((queries) => queries.select(proposalColumns).from(trials).where(eq(trials.id, trial)));
    return row === undefined ? null : toProposal(row);
  }
}

function toProposal({
  proposalIndex,
  asOf,
  proposalRevision,
  samplerVersion,
  proposalDetail,
}: Pick<TrialRow, keyof typeof proposalColumns>): StoredProposal | null {
  if (proposalIndex === null || asOf === null || proposalRevision === null || samplerVersion === null) return null;
  return { index: proposalIndex, asOf, revision: proposalRevision, samplerVersion, detail: proposalDetail };
}
