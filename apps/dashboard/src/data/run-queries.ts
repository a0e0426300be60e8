/** What the pages of runs read, each under the key by which changes.ts calls it out of date. */
import type { Client } from '@sweep/api';
import { queryOptions } from '@tanstack/react-query';
import { client } from './client.js';

export type OneRun = Awaited<ReturnType<Client['getRun']>>;
export type RunMedia = Awaited<ReturnType<Client['runMedia']>>['items'][number];
export type RunFile = Awaited<ReturnType<Client['runFiles']>>['items'][number];
export type Artifact = Awaited<ReturnType<Client['artifact']>>;
export type RunArtifact = Awaited<ReturnType<Client['runArtifacts']>>['items'][number];
export type ReadCurves = Awaited<ReturnType<Client['curves']>>['series'];
export type ConsolePage = Awaited<ReturnType<Client['runConsole']>>;

/** Points come too often for an event each: while a run runs, its curves are read again. */
const aliveMs = 4_000;
const mostMedia = 1_000;

/** @param path ENTITY/PROJECT/HANDLE; events name a run by its id, which its handle is in most projects. */
export const runQuery = (path: string) =>
  queryOptions({
    queryKey: ['run', path.split('/').at(-1)!, 'itself', path],
    queryFn: () => client.getRun(path),
  });

export const seriesQuery = (id: string, live: boolean) =>
  queryOptions({ queryKey: ['run', id, 'series'], queryFn: () => client.runSeries(id), refetchInterval: live ? aliveMs : false });

export interface CurvesWanted {
  readonly runs: readonly string[];
  readonly names: readonly string[];
  /** 0 = every point. */
  readonly samples: number;
  readonly live: boolean;
}

export const curvesQuery = ({ runs, names, samples, live }: CurvesWanted) =>
  queryOptions({
    queryKey: [...(runs.length === 1 ? ['run', runs[0]!] : ['runs']), 'curves', runs.join(), names.join('\n'), String(samples)],
    queryFn: () => client.curves(runs, { keys: names, samples }),
    refetchInterval: live ? aliveMs : false,
    placeholderData: (before: Awaited<ReturnType<Client['curves']>> | undefined) => before,
  });

export const mediaQuery = (id: string, keys: readonly string[], live: boolean) =>
  queryOptions({
    queryKey: ['run', id, 'media', keys.join('\n')],
    queryFn: () => wholeMedia(id, keys),
    enabled: keys.length > 0,
    refetchInterval: live ? aliveMs : false,
  });

/** Long runs are looked through piece by piece. */
async function wholeMedia(id: string, keys: readonly string[]): Promise<{ readonly items: readonly RunMedia[] }> {
  const items: RunMedia[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Client['runMedia']>> = await client.runMedia(id, { keys, limit: mostMedia, cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < mostMedia);
  return { items };
}

/** How a chart that somebody defined draws. */
export const customChartQuery = (entity: string, name: string) =>
  queryOptions({ queryKey: ['custom-chart', entity, name], queryFn: () => client.getCustomChart(entity, name) });

export const filesQuery = (id: string) => queryOptions({ queryKey: ['run', id, 'files'], queryFn: () => client.runFiles(id) });

export const artifactsQuery = (id: string) => queryOptions({ queryKey: ['run', id, 'artifacts'], queryFn: () => client.runArtifacts(id) });

export const projectArtifactsQuery = (project: string) =>
  queryOptions({ queryKey: ['runs', 'artifacts', project], queryFn: () => client.listArtifacts(project) });

/** @param id or ENTITY/PROJECT/NAME:VERSION */
export const artifactQuery = (id: string) => queryOptions({ queryKey: ['artifact', id], queryFn: () => client.artifact(id) });

export const artifactFilesQuery = (id: string) =>
  queryOptions({ queryKey: ['artifact', id, 'files'], queryFn: () => client.artifactFiles(id) });
