/** Shapes of query strings. Everything arrives as text; what is unknown is refused, so that a typing error is not an empty filter. */
import { fileKind, projectPath, sweepState, trialState } from '@sweep/api';
import type { PageRequest } from '@sweep/store';
import { z } from 'zod';

/** `a,b` or given several times. */
const listOf = <T>(item: z.ZodType<T, string>) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((value) => (Array.isArray(value) ? value : value.split(',')).filter((part) => part !== ''))
    .pipe(z.array(item));

const wholeNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'a whole number')
  .transform(Number);
const yes = z.enum(['true', 'false', '1', '0', '']).transform((text) => text !== 'false' && text !== '0');

const paging = {
  limit: wholeNumber.pipe(z.number().min(1).max(1_000)).optional(),
  cursor: z.string().max(1_000).optional(),
};

export const pageQuery = z.strictObject(paging);
export const sweepsQuery = z.strictObject({ ...paging, state: listOf(sweepState).optional(), project: projectPath.optional() });
const where = z.string().max(10_000).optional();
const names = listOf(z.string().max(1_000)).pipe(z.array(z.string()).max(500));

export const trialsQuery = z.strictObject({
  ...paging,
  state: listOf(trialState).optional(),
  where,
  sort: z.string().max(512).optional(),
});
export const bestQuery = z.strictObject({ limit: paging.limit });
const selection = { project: projectPath.optional(), where };
export const runKeysQuery = z.strictObject(selection);
export const runsQuery = z.strictObject({
  ...paging,
  ...selection,
  sort: names.optional(),
  columns: names.optional(),
  ids: listOf(z.string().max(128)).optional(),
  offset: wholeNumber.optional(),
});
export const runGroupsQuery = z.strictObject({
  ...selection,
  by: names.pipe(z.array(z.string()).min(1).max(5)),
  columns: names.optional(),
});
export const viewsQuery = z.strictObject({ project: projectPath, page: z.string().max(32).optional() });
export const createSweepQuery = z.strictObject({
  project: projectPath.optional(),
  name: z.string().max(512).optional(),
  strict: yes.optional(),
});
export const metricsQuery = z.strictObject({
  keys: listOf(z.string()).optional(),
  samples: wholeNumber.pipe(z.number().max(100_000)).optional(),
  attempt: wholeNumber.optional(),
});
const samples = wholeNumber.pipe(z.number().min(1).max(10_000)).optional();
const metricNames = listOf(z.string().max(1_000)).pipe(z.array(z.string()).min(1).max(100));
export const curvesQuery = z.strictObject({
  runs: listOf(z.string().max(128)).pipe(z.array(z.string()).min(1).max(1_000)),
  keys: metricNames,
  samples,
});
export const sweepCurvesQuery = z.strictObject({ keys: metricNames, samples, trials: listOf(wholeNumber).optional() });
export const sinceQuery = z.strictObject({ since: z.iso.datetime().optional() });
export const sliceQuery = z.strictObject({
  x: z.string().min(1).max(1_000),
  y: z.string().min(1).max(1_000).optional(),
  points: wholeNumber.pipe(z.number().min(2).max(200)).optional(),
});
export const logsQuery = z.strictObject({
  stream: z.enum(['stdout', 'stderr']).optional(),
  offset: wholeNumber.optional(),
  follow: yes.optional(),
  attempt: wholeNumber.optional(),
});
export const mediaQuery = z.strictObject({
  keys: names.optional(),
  limit: paging.limit,
  /** Number of the line to go on at. */
  cursor: wholeNumber.optional(),
});
export const consoleQuery = z.strictObject({
  stream: z.string().max(32).optional(),
  from: wholeNumber.optional(),
  limit: wholeNumber
    .pipe(
      z
        .number()
        .min(1)
        .max(1024 ** 2),
    )
    .optional(),
  attempt: wholeNumber.optional(),
});
export const filesQuery = z.strictObject({ kind: fileKind.optional() });
export const fileQuery = z.strictObject({ path: z.string().min(1).max(4_096), kind: fileKind.optional() });
export const artifactsQuery = z.strictObject({ project: projectPath });
export const artifactFileQuery = z.strictObject({ path: z.string().min(1).max(4_096), show: yes.optional() });
export const shownFileQuery = fileQuery.extend({ show: yes.optional() });
export const eventsQuery = z.strictObject({ since: z.string().max(200).optional() });
export const blobHashParam = z.string().regex(/^[0-9a-f]{64}$/, 'a lower-case SHA-256: 64 hex digits');

const usualLimit = 100;

export function pageOf({ limit, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined }): PageRequest {
  return { limit: limit ?? usualLimit, cursor: cursor ?? null };
}
