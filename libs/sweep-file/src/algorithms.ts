/** The algorithms that a sweep file asks for, made ready: its sampler and its pruner. */
import { SamplerFailed, type SweepSpec } from '@sweep/domain';
import { type Pruner, pruners, type Sampler, type SamplerDefinition, type SamplerOptions, SpaceError, samplers } from '@sweep/optimizer';
import { imputing } from './imputing.js';

/**
 * Null when the points come from outside.
 *
 * @throws SamplerFailed when the method has no sampler in this version
 */
export function samplerOf(spec: SweepSpec): SamplerDefinition | null {
  if (spec.method === 'custom' || spec.engine === 'local') return null;
  const definition = samplers.get(spec.method);
  if (definition === undefined) {
    throw new SamplerFailed(`method "${spec.method}" is not available in this version; use one of: ${[...samplers.keys()].join(', ')}`);
  }
  return definition;
}

/** @throws SamplerFailed when it cannot search the space */
export function createSampler(definition: SamplerDefinition, spec: SweepSpec, seed: bigint): Sampler {
  try {
    return imputing(definition.create(spec.space, samplerOptions(spec, seed)), spec.objectives[0]);
  } catch (error) {
    if (error instanceof SpaceError) throw new SamplerFailed(error.message);
    throw error;
  }
}

/** What a sampler, or a model of its results, must know beside the space. */
export function samplerOptions({ objectives, limits }: SweepSpec, seed: bigint): SamplerOptions {
  return { seed, goals: objectives.map(({ goal }) => goal), limits };
}

/**
 * Null when nothing is stopped early, or somebody else's controller does it.
 *
 * @throws OptionError when the options do not fit together
 */
export function createPruner({ earlyTerminate, engine, objectives: [objective] }: SweepSpec): Pruner | null {
  if (earlyTerminate === null || objective === undefined || engine === 'local') return null;
  return pruners.get(earlyTerminate.type)?.create(earlyTerminate.options, objective.goal) ?? null;
}
