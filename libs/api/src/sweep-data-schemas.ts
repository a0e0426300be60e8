/** Shapes of what pages of a sweep draw: columns for many trials in one answer, and cuts through the model of the results. */
import { z } from 'zod';
import { numeric, time, trialState } from './schemas.js';

/** One entry a trial in every list, by number. */
export const sweepPointsView = z
  .object({
    /** Give it as `since` to get only what has changed after this answer. */
    now: time,
    objectives: z.array(z.object({ name: z.string(), goal: z.enum(['minimize', 'maximize']) })),
    ids: z.array(z.string()),
    numbers: z.array(z.number().int()),
    states: z.array(trialState),
    /** For each objective; of live trials where they stand. */
    values: z.array(z.array(numeric.nullable())),
    /** Whether the sweep's limits are kept. */
    kept: z.array(z.boolean()),
    /** Milliseconds since the epoch. */
    startedAt: z.array(z.number().nullable()),
    endedAt: z.array(z.number().nullable()),
    /** By name, names within names joined by dots; null where a trial has none. Lists are JSON texts. */
    params: z.record(z.string(), z.array(z.union([z.number(), z.string(), z.boolean()]).nullable())),
  })
  .meta({ id: 'SweepPoints' });

/** One entry an attempt in every list, by trial and number. */
export const sweepTimelineView = z
  .object({
    now: time,
    agents: z.array(z.object({ id: z.string(), name: z.string(), slots: z.number().int() })),
    trials: z.array(z.number().int()),
    attempts: z.array(z.number().int()),
    /** Places in `agents`. */
    agent: z.array(z.number().int()),
    slot: z.array(z.number().int()),
    startedAt: z.array(z.number()),
    endedAt: z.array(z.number().nullable()),
    /** The trial's, for the attempt that counts or goes on; `lost` or `failed` for those before. */
    states: z.array(z.enum([...trialState.options, 'lost'])),
  })
  .meta({ id: 'SweepTimeline' });

const sliceAxis = z.object({
  param: z.string(),
  scale: z.enum(['linear', 'log', 'category']),
  values: z.array(z.union([z.number(), z.string(), z.boolean()]).nullable()),
});

/** `slice` is null while there is too little to tell, and `note` says why. */
export const sweepSliceView = z
  .object({
    slice: z
      .object({
        x: sliceAxis,
        /** Null along one parameter. */
        y: sliceAxis.nullable(),
        /** In the first objective's units; row by row, each row along `x`. Null where the space has no such point. */
        mean: z.array(z.number().nullable()),
        /** Within which it lies with 95 %. */
        low: z.array(z.number().nullable()),
        high: z.array(z.number().nullable()),
        /** The best known trial's params: the others stand there. */
        through: z.record(z.string(), z.unknown()),
      })
      .nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'SweepSlice' });

export const curvesView = z
  .object({
    curves: z.array(
      z.object({
        run: z.string(),
        name: z.string(),
        steps: z.array(z.number()),
        values: z.array(numeric),
        times: z.array(z.number()),
      }),
    ),
    downsampled: z.boolean(),
  })
  .meta({ id: 'Curves' });

export const waitingView = z
  .object({
    id: z.string(),
    trial: z.number().int(),
    sweep: z.string(),
    sweepName: z.string(),
    priority: z.number().int(),
    /** Attempts before this one. */
    attempts: z.number().int(),
    since: time,
    waitingFor: z.string(),
  })
  .meta({ id: 'Waiting' });

export const storageView = z
  .object({
    /** Null where the database does not tell. */
    databaseBytes: z.number().nullable(),
    parts: z.array(z.object({ name: z.string(), bytes: z.number() })),
    /** Uploaded files, each content once. */
    blobs: z.number().int(),
    blobBytes: z.number(),
  })
  .meta({ id: 'Storage' });

export const collectBody = z
  .strictObject({
    /** True: only says what would go. */
    dryRun: z.boolean().default(false),
  })
  .meta({ id: 'Collect' });

/** How many of each kind went, or would go: of artifacts and contents that would, no more than 10,000 of each are counted. */
export const collectedView = z
  .object({
    sweeps: z.number().int(),
    /** Those of sweeps are counted with them. */
    runs: z.number().int(),
    /** Of the log that watchers follow. */
    events: z.number().int(),
    /** Versions and contents whose time is over; some are found to be used still. */
    artifacts: z.number().int(),
    /** Contents in the storage of files. */
    blobs: z.number().int(),
    /** Of uploads that were cut short; null where they were not looked for. */
    leftovers: z.number().int().nullable(),
  })
  .meta({ id: 'Collected' });

export type CollectedView = z.infer<typeof collectedView>;
export type SweepPointsView = z.infer<typeof sweepPointsView>;
export type SweepTimelineView = z.infer<typeof sweepTimelineView>;
export type SweepSliceView = z.infer<typeof sweepSliceView>;
export type CurvesView = z.infer<typeof curvesView>;
export type WaitingView = z.infer<typeof waitingView>;
export type StorageView = z.infer<typeof storageView>;
