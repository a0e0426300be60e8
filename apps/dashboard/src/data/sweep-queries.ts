/** What the page of one sweep reads. */
import type { ListView, PageQuery } from '@sweep/api';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.js';

const pageSize = 1_000;

/** Every trial, by number. */
export const trialsQuery = (sweep: string) =>
  queryOptions({
    queryKey: ['sweep', sweep, 'trials'],
    queryFn: async () => {
      const trials = await allOf((page) => client.listTrials(sweep, page));
      return trials.sort((a, b) => a.number - b.number);
    },
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
