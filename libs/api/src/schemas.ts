/**
 * The HTTP contract's data: one zod schema for each body and view, from which types, validation and OpenAPI come.
 *
 * Owns shapes only. Numbers that are not finite travel as the texts "NaN", "Infinity" and "-Infinity"; times as ISO 8601 UTC.
 */
import { z } from 'zod';

export const sweepState = z.enum(['pending', 'running', 'paused', 'stopping', 'completed', 'cancelled', 'failed']);
export const trialState = z.enum(['queued', 'running', 'stopping', 'completed', 'pruned', 'failed', 'cancelled']);
export const agentState = z.enum(['online', 'draining', 'offline', 'lost']);
export const time = z.string().meta({ format: 'date-time' });
/** A number, or the text of one that is not finite. */
export const numeric = z.union([z.number(), z.literal(['NaN', 'Infinity', '-Infinity'])]);
export const params = z.record(z.string(), z.unknown());

export const finding = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning', 'notice']),
    path: z.string(),
    line: z.number().int(),
    column: z.number().int(),
    message: z.string(),
    hint: z.string(),
  })
  .meta({ id: 'Finding' });

export const objective = z
  .object({ name: z.string(), goal: z.enum(['minimize', 'maximize']), target: z.number().nullable() })
  .meta({ id: 'Objective' });

/** A measured quantity that a good trial keeps within a bound. */
export const limit = z.object({ name: z.string(), keep: z.enum(['below', 'above']), bound: z.number() }).meta({ id: 'Limit' });

export const counts = z
  .object({
    queued: z.number().int(),
    running: z.number().int(),
    stopping: z.number().int(),
    completed: z.number().int(),
    pruned: z.number().int(),
    failed: z.number().int(),
    cancelled: z.number().int(),
  })
  .meta({ id: 'Counts' });

export const sweepView = z
  .object({
    id: z.string(),
    path: z.string(),
    name: z.string(),
    url: z.string(),
    state: sweepState,
    reason: z.string().nullable(),
    method: z.string(),
    objective: objective.nullable(),
    /** All of them, when there are several. */
    objectives: z.array(objective),
    limits: z.array(limit),
    counts,
    expectedTrials: z.number().int().nullable(),
    /** By the first objective, of the trials that keep all limits; null while none does. */
    best: z.object({ trial: z.number().int(), run: z.string(), value: numeric, params }).nullable(),
    priority: z.number().int(),
    parallel: z.number().int().nullable(),
    runCap: z.number().int().nullable(),
    /** After how many logged values of the objective trials are compared and may be stopped, ascending; the first of them. */
    rungs: z.array(z.number().int()),
    revision: z.number().int(),
    findings: z.array(finding),
    config: z.string(),
    createdAt: time,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
  })
  .meta({ id: 'Sweep' });

export const trialView = z
  .object({
    id: z.string(),
    number: z.number().int(),
    sweep: z.string(),
    state: trialState,
    reason: z.string().nullable(),
    params,
    objective: z.union([numeric, z.array(numeric.nullable())]).nullable(),
    /** What the sweep limits, in its order, and whether the trial keeps within; what was not measured is not within. */
    limits: z.array(z.object({ name: z.string(), value: numeric.nullable(), kept: z.boolean() })),
    /** Last value of every metric, by name. */
    summary: z.record(z.string(), numeric),
    attempt: z.number().int(),
    attempts: z.number().int(),
    agent: z.string().nullable(),
    slot: z.number().int().nullable(),
    gpus: z.array(z.string()),
    waitingFor: z.string().nullable(),
    /** Why these params: the decision "proposed". */
    why: z.string().nullable(),
    retryOf: z.string().nullable(),
    createdAt: time,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    durationSeconds: z.number().nullable(),
  })
  .meta({ id: 'Trial' });

export const attemptView = z
  .object({
    number: z.number().int(),
    run: z.string(),
    agent: z.string(),
    slot: z.number().int(),
    startedAt: time,
    endedAt: time.nullable(),
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    detail: z.string().nullable(),
    counted: z.boolean(),
  })
  .meta({ id: 'Attempt' });

export const metricsView = z
  .object({
    series: z.record(z.string(), z.object({ steps: z.array(z.number()), values: z.array(numeric), times: z.array(z.number()) })),
    downsampled: z.boolean(),
  })
  .meta({ id: 'Metrics' });

/** What the machine uses now, whoever uses it; null is what its system or driver does not say. Told every few seconds. */
export const machineUsage = z
  .object({
    at: time,
    /** When it was answered, by the controller's clock. */
    ageSeconds: z.number(),
    /** Of all processors together, 0 to 100. */
    cpuPercent: z.number().nullable(),
    memoryUsedBytes: z.number(),
    /** The disk that the agent's folder is on. */
    diskUsedBytes: z.number(),
    diskTotalBytes: z.number(),
    /** Only those that their driver told about lately. */
    gpus: z.array(
      z.object({
        uuid: z.string(),
        utilizationPercent: z.number().nullable(),
        memoryUsedBytes: z.number().nullable(),
        temperatureCelsius: z.number().nullable(),
        powerWatts: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'MachineUsage' });

export const agentView = z
  .object({
    id: z.string(),
    name: z.string(),
    pool: z.string(),
    sweep: z.string().nullable(),
    state: agentState,
    reason: z.string().nullable(),
    /** Gets no trials until it is resumed, because it failed what others could run. */
    quarantine: z
      .object({
        since: time,
        reason: z.string(),
        /** Trials by `SWEEP#NUMBER`, how each failed here, and the name of the agent on which it ran. */
        evidence: z.array(z.object({ trial: z.string(), failed: z.string(), ranOn: z.string() })),
      })
      .nullable(),
    hostname: z.string(),
    platform: z.string(),
    cpus: z.number().int(),
    memoryBytes: z.number(),
    gpus: z.array(z.object({ uuid: z.string(), vendor: z.string(), name: z.string(), memoryBytes: z.number() })),
    labels: z.record(z.string(), z.string()),
    /** What each slot runs: `SWEEP#NUMBER`, or null when it is free. */
    slots: z.array(z.object({ index: z.number().int(), gpus: z.array(z.string()), trial: z.string().nullable() })),
    usage: machineUsage.nullable(),
    version: z.string(),
    connectedAt: time,
    lastSeenAt: time,
  })
  .meta({ id: 'Agent' });

export const revisionView = z
  .object({
    revision: z.number().int(),
    config: z.string(),
    priority: z.number().int(),
    parallel: z.number().int().nullable(),
    runCap: z.number().int().nullable(),
    by: z.string().nullable(),
    at: time,
  })
  .meta({ id: 'Revision' });

export const decisionView = z
  .object({ trial: z.number().int().nullable(), about: z.string(), text: z.string(), at: time })
  .meta({ id: 'Decision' });

export const projectView = z
  .object({ entity: z.string(), name: z.string(), sweeps: z.number().int(), runs: z.number().int(), createdAt: time })
  .meta({ id: 'Project' });

export const alertView = z
  .object({ title: z.string(), text: z.string(), level: z.enum(['info', 'warn', 'error']), silenced: z.boolean(), at: time })
  .meta({ id: 'Alert' });

export const fileKind = z.enum(['output', 'checkpoint', 'code', 'client']);
export const fileView = z.object({ kind: fileKind, path: z.string(), size: z.number(), hash: z.string(), at: time }).meta({ id: 'File' });

export const keyView = z
  .object({
    id: z.string(),
    user: z.string(),
    name: z.string(),
    scope: z.enum(['admin', 'user', 'agent', 'attempt']),
    createdAt: time,
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
    /** Only in the answer to its creation. */
    secret: z.string().optional(),
  })
  .meta({ id: 'Key' });

export const userView = z.object({ id: z.string(), name: z.string(), admin: z.boolean(), createdAt: time }).meta({ id: 'User' });

export const serverView = z
  .object({
    version: z.string(),
    url: z.string(),
    grpcUrl: z.string(),
    /** SHA-256 of the certificate that the controller made for itself, which agents pin; null where there is none. */
    fingerprint: z.string().nullable(),
    /** SHA-256 of its public key, as `curl --pinnedpubkey` takes it; null where there is none. */
    pin: z.string().nullable(),
    database: z.enum(['embedded', 'external']),
    queue: z.enum(['redis', 'postgres', 'memory']),
    queueWarnings: z.array(z.object({ setting: z.string(), value: z.string(), mend: z.string() })),
    user: z.string().nullable(),
    startedAt: time,
  })
  .meta({ id: 'Server' });

export const importanceView = z
  .object({
    /** Names joined by dots. */
    param: z.string(),
    /** By ranks, 0 … 1. */
    importance: z.number(),
    /** Null for parameters that are not numbers. */
    correlation: z.number().nullable(),
    samples: z.number().int(),
    /** By a model of the results: the parameter's share of what the objective varies by over the space, 0 … 1. Null while there is too little to tell. */
    share: z.number().nullable(),
    /** Within which the share lies with 95 %. */
    low: z.number().nullable(),
    high: z.number().nullable(),
  })
  .meta({ id: 'Importance' });

export const eventView = z.object({ id: z.string(), at: time, kind: z.string() }).loose().meta({ id: 'Event' });

/** RFC 9457. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    errors: z
      .array(
        z.object({
          path: z.string().optional(),
          message: z.string(),
          line: z.number().optional(),
          column: z.number().optional(),
          code: z.string().optional(),
        }),
      )
      .optional(),
    findings: z.array(finding).optional(),
  })
  .meta({ id: 'Problem' });

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int() });

export const projectPath = z
  .string()
  .regex(
    /^(?!\.\.?(?:\/|$))[A-Za-z0-9_.-]+(?:\/(?!\.\.?$)[A-Za-z0-9_.-]+)?$/,
    'ENTITY/PROJECT or PROJECT, of letters, digits, ".", "_" and "-"',
  );

export const createSweepBody = z
  .strictObject({
    /** YAML text, or the configuration as an object. */
    config: z.union([z.string().min(1), z.record(z.string(), z.unknown())], { error: 'give the sweep file: YAML text or an object' }),
    project: projectPath.optional(),
    name: z.string().max(512).optional(),
    priorRuns: z.array(z.string()).max(10_000).optional(),
    strict: z.boolean().optional(),
    /** Hash of the shipped working folder, uploaded before. */
    code: z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() }).optional(),
  })
  .meta({ id: 'CreateSweep' });

export const editSweepBody = z
  .strictObject({
    config: z.string().min(1).optional(),
    name: z.string().max(512).optional(),
    runCap: z.number().int().positive().nullable().optional(),
    priority: z.number().int().optional(),
    parallel: z.number().int().positive().nullable().optional(),
  })
  .meta({ id: 'EditSweep' });

export const retryBody = z
  .strictObject({ failed: z.boolean().optional(), trials: z.array(z.number().int().positive()).optional() })
  .meta({ id: 'Retry' });
export const cloneBody = z.strictObject({ priorRuns: z.boolean().optional(), name: z.string().optional() }).meta({ id: 'Clone' });
/** One point, or up to a thousand. */
export const enqueueBody = z
  .strictObject({
    params: z.union([params, z.array(params).min(1).max(1000)], { error: 'give one object of params, or a list of 1 to 1,000 of them' }),
  })
  .meta({ id: 'Enqueue' });
export const askBody = z
  .strictObject({ count: z.number().int().min(1).max(1000).optional(), name: z.string().optional() })
  .meta({ id: 'Ask' });
export const askView = z.object({ trials: z.array(trialView), exhausted: z.boolean() }).meta({ id: 'Asked' });
export const reportBody = z.strictObject({ step: z.number().optional(), metrics: z.record(z.string(), numeric) }).meta({ id: 'Report' });
export const reportView = z.object({ stop: z.boolean(), reason: z.string().nullable() }).meta({ id: 'Reported' });
export const tellBody = z
  .strictObject({
    value: numeric.optional(),
    values: z.array(numeric).optional(),
    /** What else was measured, as in a report: what the sweep limits, say. */
    metrics: z.record(z.string(), numeric).optional(),
    state: z.enum(['completed', 'failed', 'pruned']).optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'Tell' });
export const createKeyBody = z
  .strictObject({
    name: z.string().min(1).max(128),
    scope: z.enum(['admin', 'user', 'agent']),
    expiresInSeconds: z
      .number()
      .int()
      .positive()
      .max(100 * 365 * 86_400)
      .optional(),
    /** Name or id of its owner; the caller when absent. */
    user: z.string().min(1).max(64).optional(),
  })
  .meta({ id: 'CreateKey' });
export const createUserBody = z
  .strictObject({ name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/), admin: z.boolean().optional() })
  .meta({ id: 'CreateUser' });
export const createTokenBody = z
  .strictObject({
    expiresInSeconds: z
      .number()
      .int()
      .positive()
      .max(7 * 86_400)
      .optional(),
  })
  .meta({ id: 'CreateToken' });
export const tokenView = z.object({ token: z.string(), expiresAt: time }).meta({ id: 'Token' });

export type SweepView = z.infer<typeof sweepView>;
export type TrialView = z.infer<typeof trialView>;
export type AttemptView = z.infer<typeof attemptView>;
export type MetricsView = z.infer<typeof metricsView>;
export type AgentView = z.infer<typeof agentView>;
export type RevisionView = z.infer<typeof revisionView>;
export type DecisionView = z.infer<typeof decisionView>;
export type ProjectView = z.infer<typeof projectView>;
export type AlertView = z.infer<typeof alertView>;
export type FileView = z.infer<typeof fileView>;
export type KeyView = z.infer<typeof keyView>;
export type UserView = z.infer<typeof userView>;
export type ServerView = z.infer<typeof serverView>;
export type ImportanceView = z.infer<typeof importanceView>;
export type EventView = z.infer<typeof eventView>;
export type FindingView = z.infer<typeof finding>;
export type Problem = z.infer<typeof problem>;
export type ListView<T> = { readonly items: readonly T[]; readonly nextCursor: string | null; readonly total: number };
