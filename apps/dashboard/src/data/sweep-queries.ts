/** What the page of one sweep reads. */
import type { ListView, PageQuery, TrialView } from '@sweep/api';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.js';
import { fits, type SweepTrials, type TrialPoint, withPoints } from './trial-points.js';

const pageSize = 1_000;

/** What charts need of every trial; once read, only what has changed since. */
export const trialsQuery = (sweep: string) =>
  queryOptions({
    queryKey: ['sweep', sweep, 'points'],
    queryFn: async ({ client: queries, queryKey }): Promise<SweepTrials> => {
      const before = queries.getQueryData<SweepTrials>(queryKey) ?? null;
      const view = await client.sweepPoints(sweep, before?.now);
      if (before === null || fits(before, view)) return withPoints(before, view);
      return withPoints(null, await client.sweepPoints(sweep));
    },
    // Done already, trial by trial.
    structuralSharing: false,
  });

interface TrialRows {
  readonly points: readonly TrialPoint[];
  readonly trials: readonly TrialView[];
}

/** More than so many are not asked for by their numbers. */
const mostByNumber = 200;

/** Whole records of every trial, by number; once read, only those whose points have changed. */
export const trialRowsQuery = (sweep: string) =>
  queryOptions({
    queryKey: ['sweep', sweep, 'trials'],
    queryFn: async ({ client: queries, queryKey }): Promise<TrialRows> => {
      const { trials: points } = await queries.fetchQuery({ ...trialsQuery(sweep), staleTime: 0 });
      const before = queries.getQueryData<TrialRows>(queryKey) ?? { points: [], trials: [] };
      const known = new Set(before.points);
      const changed = points.filter((point) => !known.has(point)).map(({ number }) => number);
      if (changed.length === 0) return before;
      const few = before.trials.length > 0 && changed.length <= mostByNumber ? { where: `number in (${changed.join()})` } : {};
      const read = await allOf((page) => client.listTrials(sweep, { ...page, ...few }));
      const byNumber = new Map([...before.trials, ...read].map((trial) => [trial.number, trial]));
      return { points, trials: [...byNumber.values()].sort((a, b) => a.number - b.number) };
    },
    structuralSharing: false,
  });

/** Trials of one sweep log the same metrics: so many of them are asked. */
const askedForMetrics = 100;
const begun = ['running', 'stopping', 'completed', 'pruned', 'failed', 'cancelled'] as const;

/** Trials with the last value of each metric that they have logged. */
export const begunTrialsQuery = (sweep: string) =>
  queryOptions({
    queryKey: ['sweep', sweep, 'begun'],
    queryFn: () => client.listTrials(sweep, { state: begun, limit: askedForMetrics }),
  });

/** What the first of the queued trials waits for. */
export const waitingQuery = (sweep: string) =>
  queryOptions({
    queryKey: ['sweep', sweep, 'waiting'],
    queryFn: async () => (await client.listTrials(sweep, { state: ['queued'], limit: 1 })).items[0]?.waitingFor ?? null,
  });

/** Oldest first. */
export const decisionsQuery = (sweep: string) =>
  queryOptions({ queryKey: ['sweep', sweep, 'decisions'], queryFn: () => allOf((page) => client.listSweepDecisions(sweep, page)) });

async function allOf<T>(read: (page: PageQuery) => Promise<ListView<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: ListView<T> = await read({ limit: pageSize, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

export const insightQuery = (sweep: string) =>
  queryOptions({ queryKey: ['sweep', sweep, 'importance'], queryFn: () => client.importance(sweep) });

export const bestQuery = (sweep: string) => queryOptions({ queryKey: ['sweep', sweep, 'best'], queryFn: () => client.bestTrials(sweep) });

export const revisionsQuery = (sweep: string) =>
  queryOptions({ queryKey: ['sweep', sweep, 'revisions'], queryFn: () => client.listRevisions(sweep) });

/** `sweep`: so that what makes the sweep out of date makes its trials so, too. */
export const trialQuery = (sweep: string, trial: string) =>
  queryOptions({ queryKey: ['sweep', sweep, 'trial', trial], queryFn: () => client.getTrial(trial) });

export const attemptsQuery = (sweep: string, trial: string) =>
  queryOptions({ queryKey: ['sweep', sweep, 'attempts', trial], queryFn: () => client.trialAttempts(trial) });

export const timelineQuery = (sweep: string) =>
  queryOptions({ queryKey: ['sweep', sweep, 'timeline'], queryFn: () => client.sweepTimeline(sweep) });

/** @param y null: along `x` alone */
export const sliceQuery = (sweep: string, x: string, y: string | null) =>
  queryOptions({
    queryKey: ['sweep', sweep, 'slice', x, y ?? ''],
    queryFn: () => client.sweepSlice(sweep, { x, ...(y === null ? {} : { y }) }),
  });
