/** Shapes of what a search did: from what each trial was proposed, and the log from which it can be computed again. */
import { z } from 'zod';
import { importanceView, listOf, numeric, params, trialView } from './schemas.js';

/** From what a proposal was made. */
const origin = {
  /** The sampler's cursor: trials of one answer share it. */
  index: z.number().int(),
  /** How many ends of trials the sampler had seen. */
  asOf: z.number().int(),
  /** Of the sweep's file. */
  revision: z.number().int(),
  samplerVersion: z.number().int(),
  /** How much work it was allowed to be: less while many searches want points at once. */
  thoroughness: z.enum(['full', 'warm', 'short', 'least']),
};

const proposalView = z
  .object({
    ...origin,
    arm: z.enum(['design', 'improve', 'bound', 'explore']).nullable(),
    hypothesis: z.enum(['A', 'B']).nullable(),
    /** What was expected of the objective, and how surely. */
    mean: numeric.nullable(),
    deviation: numeric.nullable(),
    intent: z.enum(['exploration', 'exploitation']).nullable(),
    /** Numbers of the nearest earlier trials, nearest first. */
    near: z.array(z.number().int()),
  })
  .meta({ id: 'Proposal' });

/** `proposal`: null for a trial that no sampler proposed. */
export const oneTrialView = trialView.extend({ proposal: proposalView.nullable() }).meta({ id: 'OneTrial' });

/**
 * Of one objective, the best trials first; of several, all that no other beats in every one. Only trials that keep all limits.
 * `recommended`: the trial to prefer, noise considered; null where no model can say.
 */
export const bestView = listOf(trialView).extend({ recommended: trialView.nullable() }).meta({ id: 'Best' });

const outlookView = z
  .object({
    trials: z.number().int(),
    /** In the units of the first objective; positive is better, whatever the goal. */
    improvement: z.number(),
    /** Within which the improvement lies with 90 %. */
    low: z.number(),
    high: z.number(),
  })
  .meta({ id: 'Outlook' });

/** Of the first objective. `outlook`: what so many more trials would bring. `notes`: what cannot be said yet, and why. */
export const insightView = listOf(importanceView)
  .extend({ outlook: outlookView.nullable(), notes: z.array(z.string()) })
  .meta({ id: 'Insight' });

const logEntry = {
  /** Negative for results of prior runs. */
  number: z.number().int(),
  params,
  state: z.enum(['live', 'completed', 'pruned', 'failed', 'cancelled']),
  values: z.array(z.number().nullable()),
  /** What the sweep limits, in its order. Absent where there was nothing to measure. */
  limits: z.array(z.number().nullable()).optional(),
  /** The first objective where trials are compared: after so many values it stood at this one. */
  curve: z.array(z.tuple([z.number(), z.number()]).readonly()).optional(),
  blame: z.enum(['config', 'infra']).optional(),
};

const loggedTrialView = z
  .object({
    ...logEntry,
    origin: z.enum(['sampler', 'enqueued', 'retry', 'external']),
    /** Place in the log, from 1; null while the sampler has not seen an end. */
    observed: z.number().int().nullable(),
    proposal: z.object(origin).nullable(),
  })
  .meta({ id: 'LoggedTrial' });

/** Trials by number. `priors` are on the first page only. */
export const searchLogView = listOf(loggedTrialView)
  .extend({
    /** Unsigned 64 bits, as digits. */
    seed: z.string(),
    priors: z.array(z.object(logEntry)),
  })
  .meta({ id: 'SearchLog' });

export type ProposalView = z.infer<typeof proposalView>;
export type OneTrialView = z.infer<typeof oneTrialView>;
export type InsightView = z.infer<typeof insightView>;
export type BestView = z.infer<typeof bestView>;
export type SearchLogView = z.infer<typeof searchLogView>;
export type LoggedTrialView = z.infer<typeof loggedTrialView>;
