/** Shapes of one run in full, and of artifacts. */
import { z } from 'zod';
import { runView } from './run-schemas.js';
import { attemptView, numeric, params, time } from './schemas.js';

export const oneRunView = runView
  .extend({
    /** The attempt whose points and lines are shown. */
    attempt: z.number().int(),
    host: z.string().nullable(),
    program: z.string().nullable(),
    repo: z.string().nullable(),
    commit: z.string().nullable(),
    exitCode: z.number().int().nullable(),
    heartbeatAt: time.nullable(),
    /** The whole document, media included; numbers that are not finite as texts. */
    fullSummary: params,
    /** What the program asked for with `wandb.plot`: as its client describes a panel. */
    charts: z.array(z.object({ key: z.string(), panel: z.unknown() })),
    /** Of its trial; none where it has none. */
    attempts: z.array(attemptView),
  })
  .meta({ id: 'OneRun' });

export const runSeriesView = z
  .object({
    name: z.string(),
    /** `number`, `text`, or the type of what else was logged: `image-file`, `table-file`, `histogram` … */
    kind: z.string(),
    /** Of the machine, not of the program. */
    system: z.boolean(),
    points: z.number().int(),
    last: numeric.nullable(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    /** The metric that its program wants it drawn against (`define_metric`); null: the step. */
    axis: z.string().nullable(),
    /** Its program does not want it drawn. */
    hidden: z.boolean(),
  })
  .meta({ id: 'RunSeries' });

/** One thing that was logged beside numbers. */
export const runMediaView = z.object({ key: z.string(), step: z.number(), at: time.nullable(), value: params }).meta({ id: 'RunMedia' });

/** A stretch of what a program printed. Positions count bytes, or lines, of their stream. */
export const consoleView = z
  .object({
    /** Those that have anything. */
    streams: z.array(z.string()),
    stream: z.string(),
    unit: z.enum(['bytes', 'lines']),
    from: z.number().int(),
    /** Where to read on. */
    next: z.number().int(),
    total: z.number().int(),
    /** Nothing more will come. */
    ended: z.boolean(),
    lines: z.array(z.object({ at: z.number().int(), stream: z.string(), time: z.string().nullable(), text: z.string() })),
  })
  .meta({ id: 'Console' });

const artifactBase = {
  id: z.string(),
  collection: z.string(),
  type: z.string(),
  /** `v3`. */
  version: z.string(),
  aliases: z.array(z.string()),
  /** Bytes. */
  size: z.number(),
  fileCount: z.number().int(),
  createdAt: time,
};

/** An artifact that a run made or used. */
export const runArtifactView = z.object({ role: z.enum(['output', 'input']), ...artifactBase }).meta({ id: 'RunArtifact' });

export const artifactView = z
  .object({
    ...artifactBase,
    /** `ENTITY/PROJECT`. */
    project: z.string(),
    description: z.string().nullable(),
    metadata: params.nullable(),
    /** Ids of runs. */
    producedBy: z.string().nullable(),
    usedBy: z.array(z.string()),
    /** What runs named here are called; those that are deleted are missing. */
    runs: z.array(z.object({ id: z.string(), name: z.string(), /** `ENTITY/PROJECT/HANDLE`. */ path: z.string() })),
    /** Of the collection, the newest first. */
    versions: z.array(z.object({ id: z.string(), version: z.string(), aliases: z.array(z.string()), createdAt: time, size: z.number() })),
  })
  .meta({ id: 'Artifact' });

/** All versions of one name. */
export const artifactCollectionView = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    /** `sequence`: what runs logged; `portfolio`: versions that were linked together. */
    kind: z.enum(['sequence', 'portfolio']),
    description: z.string().nullable(),
    versions: z.number().int(),
    /** Null where every version was deleted. */
    newest: z.object(artifactBase).omit({ collection: true, type: true }).nullable(),
  })
  .meta({ id: 'ArtifactCollection' });

export const artifactFileView = z
  .object({ path: z.string(), size: z.number(), /** An address elsewhere. */ ref: z.string().nullable() })
  .meta({ id: 'ArtifactFile' });

export type OneRunView = z.infer<typeof oneRunView>;
export type RunSeriesView = z.infer<typeof runSeriesView>;
export type RunMediaView = z.infer<typeof runMediaView>;
export type ConsoleView = z.infer<typeof consoleView>;
export type RunArtifactView = z.infer<typeof runArtifactView>;
export type ArtifactView = z.infer<typeof artifactView>;
export type ArtifactCollectionView = z.infer<typeof artifactCollectionView>;
export type ArtifactFileView = z.infer<typeof artifactFileView>;
