/** What a sweep would do, without a controller: how many trials, the first of them with their argument vectors, and the rungs. */
import { SamplerFailed, type SweepSpec } from '@sweep/domain';
import { type Answer, gridSize, type Params, type PrunerOptions, pruners, type SamplerDefinition, SpaceError } from '@sweep/optimizer';
import { createSampler, samplerOf } from './algorithms.js';
import { type CommandContext, expandCommand } from './commands/macros.js';

export interface Preview {
  readonly method: SweepSpec['method'];
  readonly expectedTrials: number | null;
  /** The space ended before as many trials as asked for. */
  readonly exhausted: boolean;
  readonly rungs: readonly number[];
  readonly trials: readonly { readonly number: number; readonly params: Params; readonly argv: readonly string[] }[];
}

/** What the argument vectors depend on beside the params. */
export type PreviewHost = Pick<CommandContext, 'environment' | 'platform' | 'argsJsonFile'>;

const endlessRungsShown = 8;

/**
 * @param seed takes the place of the file's own
 * @throws SamplerFailed when the method has no sampler in this version, or its sampler cannot search the space
 */
export function preview(spec: SweepSpec, count: number, seed: bigint, host: PreviewHost): Preview {
  const rest = { method: spec.method, expectedTrials: expectedTrials(spec), rungs: rungsOf(spec.earlyTerminate) };
  const definition = samplerOf(spec);
  if (definition === null) return { ...rest, exhausted: false, trials: [] };
  const cap = Math.min(count, capOf(spec) ?? count);
  const answer = propose(spec, definition, cap, seed);
  const trials = answer.proposals.map(({ params }, index) => {
    return { number: index + 1, params, argv: expandCommand(spec.command, { ...host, program: spec.program, params }) };
  });
  return { ...rest, exhausted: answer.exhausted, trials };
}

/** Distinct points of a grid, or the file's own limit if that is smaller or the method has no end; null when unbounded. */
export function expectedTrials(spec: SweepSpec): number | null {
  const cap = capOf(spec);
  const points = spec.method === 'grid' ? pointsOf(spec) : null;
  if (points === null || cap === null) return points ?? cap;
  return Math.min(points, cap);
}

function capOf({ runCap, budget }: SweepSpec): number | null {
  const caps = [runCap, budget.trials].filter((cap) => cap !== null);
  return caps.length > 0 ? Math.min(...caps) : null;
}

function pointsOf({ space }: SweepSpec): number | null {
  try {
    const points = gridSize(space);
    return points !== null && Number.isFinite(points) ? points : null;
  } catch (error) {
    // A grid too large to count under its conditions has no number that is worth showing.
    if (error instanceof SpaceError) return null;
    throw error;
  }
}

function rungsOf(early: SweepSpec['earlyTerminate']): readonly number[] {
  if (early === null) return [];
  const shown = hasEnd(early.options) ? Number.MAX_SAFE_INTEGER : endlessRungsShown;
  return pruners.get(early.type)?.create(early.options, 'minimize').rungs(shown) ?? [];
}

function hasEnd(options: PrunerOptions): boolean {
  return options['max_iter'] !== undefined;
}

function propose(spec: SweepSpec, definition: SamplerDefinition, count: number, seed: bigint): Answer {
  try {
    return createSampler(definition, spec, seed).ask({ cursor: 0, count, observations: [] });
  } catch (error) {
    if (error instanceof SpaceError) throw new SamplerFailed(error.message);
    throw error;
  }
}
