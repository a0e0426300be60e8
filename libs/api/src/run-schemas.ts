/** Shapes of runs in tables and one by one. What a trial adds is in schemas.ts. */
import { z } from 'zod';
import { numeric, params, projectPath, time } from './schemas.js';

/** A value of a summary that fits a cell: numbers, and texts and booleans that the program put there. */
const cell = z.union([numeric, z.string(), z.boolean()]);

export const runView = z
  .object({
    id: z.string(),
    /** How clients of W&B call it: unique in its project, the id in most cases. */
    handle: z.string(),
    name: z.string(),
    /** `ENTITY/PROJECT`. */
    project: z.string(),
    sweep: z.string().nullable(),
    trial: z.number().int().nullable(),
    /** Of its trial; of a run without one: pending, running, finished, failed, killed, crashed, preempting, preempted. */
    state: z.string(),
    user: z.string().nullable(),
    notes: z.string().nullable(),
    tags: z.array(z.string()),
    group: z.string().nullable(),
    jobType: z.string().nullable(),
    config: params,
    /** By name: the last value of every metric, and what else the program summed up. */
    summary: z.record(z.string(), cell),
    createdAt: time,
    updatedAt: time.nullable(),
    durationSeconds: z.number().nullable(),
  })
  .meta({ id: 'Run' });

export const runKeyView = z
  .object({
    /** As it stands in an expression: `config.lr`, `summary.loss`. */
    name: z.string(),
    type: z.enum(['number', 'text', 'boolean', 'list', 'object']),
    /** Of the newest 1,000 that were looked at, how many have it. */
    runs: z.number().int(),
  })
  .meta({ id: 'RunKey' });

const aggregate = z.object({
  /** How many runs have a finite number there. */
  n: z.number().int(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  mean: z.number().nullable(),
  deviation: z.number().nullable(),
});

export const runGroupView = z
  .object({
    /** By the names that were grouped by; null where runs have none. */
    values: z.record(z.string(), z.unknown()),
    runs: z.number().int(),
    states: z.record(z.string(), z.number().int()),
    columns: z.record(z.string(), aggregate),
  })
  .meta({ id: 'RunGroup' });

const id = z.string().min(1).max(128);
const ids = z.array(id).min(1).max(10_000);
const tag = z.string().min(1).max(256);

const runChange = z.strictObject({
  id,
  addTags: z.array(tag).max(100).optional(),
  removeTags: z.array(tag).max(100).optional(),
  name: z.string().min(1).max(1_024).optional(),
  notes: z.string().max(100_000).nullable().optional(),
  group: z.string().max(1_024).nullable().optional(),
});

/** Each run once. */
export const editRunsBody = z
  .strictObject({
    changes: z
      .array(runChange)
      .min(1)
      .max(10_000)
      .refine((changes) => new Set(changes.map((one) => one.id)).size === changes.length, 'names a run twice'),
  })
  .meta({ id: 'EditRuns' });

/** `undo`, sent to the same route, takes back what was changed; null: nothing was. */
export const editedRunsView = z
  .object({ changed: z.number().int(), undo: z.object({ changes: z.array(runChange) }).nullable() })
  .meta({ id: 'EditedRuns' });

export const runsBody = z.strictObject({ ids }).meta({ id: 'Runs' });

export const doneRunsView = z
  .object({ done: z.array(z.string()), refused: z.array(z.object({ id: z.string(), reason: z.string() })) })
  .meta({ id: 'DoneRuns' });

const viewName = z.string().min(1).max(256);
const viewPage = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a short word of lower-case letters');
/** What the page makes of it is the page's business. */
const viewState = z.record(z.string(), z.unknown());

export const savedView = z
  .object({
    id: z.string(),
    project: z.string(),
    page: z.string(),
    name: z.string(),
    state: viewState,
    by: z.string(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'View' });

export const createViewBody = z
  .strictObject({ project: projectPath, page: viewPage, name: viewName, state: viewState })
  .meta({ id: 'CreateView' });
export const changeViewBody = z.strictObject({ name: viewName.optional(), state: viewState.optional() }).meta({ id: 'ChangeView' });

export type RunView = z.infer<typeof runView>;
export type RunKeyView = z.infer<typeof runKeyView>;
export type RunGroupView = z.infer<typeof runGroupView>;
export type EditedRunsView = z.infer<typeof editedRunsView>;
export type DoneRunsView = z.infer<typeof doneRunsView>;
export type SavedView = z.infer<typeof savedView>;
