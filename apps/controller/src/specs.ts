/**
 * What sweeps ask for, parsed from their stored text and kept per revision: spec, sampler, pruner.
 *
 * A cache, never a truth: everything in it can be made again from the row.
 */
import { SamplerFailed, type Sweep, type SweepId, type SweepSpec } from '@sweep/domain';
import { type Pruner, pruners, type Sampler, type SamplerDefinition, SpaceError, samplers } from '@sweep/optimizer';
import { expectedTrials, type Finding, parseSweepFile } from '@sweep/sweep-file';

interface Entry {
  readonly revision: number;
  readonly spec: SweepSpec;
  readonly findings: readonly Finding[];
  sampler?: Sampler | null;
  pruner?: Pruner | null;
  expected?: number | null;
}

const mostEntries = 2_000;

export class Specs {
  readonly #entries = new Map<SweepId, Entry>();

  of(sweep: Sweep): SweepSpec {
    return this.#entry(sweep).spec;
  }

  findings(sweep: Sweep): readonly Finding[] {
    return this.#entry(sweep).findings;
  }

  /** Null for sweeps whose points come from outside. */
  sampler(sweep: Sweep): { readonly definition: SamplerDefinition; readonly sampler: Sampler } | null {
    const entry = this.#entry(sweep);
    const definition = samplerFor(entry.spec);
    if (definition === null) return null;
    entry.sampler ??= buildSampler(definition, entry.spec, sweep.seed);
    return { definition, sampler: entry.sampler };
  }

  pruner(sweep: Sweep): Pruner | null {
    const entry = this.#entry(sweep);
    if (entry.pruner === undefined) entry.pruner = buildPruner(entry.spec);
    return entry.pruner;
  }

  /** Expected number of trials; null when unbounded. Edited caps count. */
  expected(sweep: Sweep): number | null {
    const entry = this.#entry(sweep);
    if (entry.expected === undefined) entry.expected = expectedTrials({ ...entry.spec, runCap: sweep.runCap });
    return entry.expected;
  }

  #entry(sweep: Sweep): Entry {
    const known = this.#entries.get(sweep.id);
    if (known?.revision === sweep.revision) return known;
    const { spec, findings } = parseSweepFile(sweep.config);
    if (spec === null)
      throw new SamplerFailed(`the stored file of sweep ${sweep.id} is not accepted any more: ${findings[0]?.message ?? 'unreadable'}`);
    const entry: Entry = { revision: sweep.revision, spec, findings };
    // Insertion order is age: the oldest entry goes first.
    if (this.#entries.size >= mostEntries) this.#entries.delete(this.#entries.keys().next().value!);
    this.#entries.delete(sweep.id);
    this.#entries.set(sweep.id, entry);
    return entry;
  }
}

/** @throws SamplerFailed when the method has no sampler in this version */
export function samplerFor(spec: SweepSpec): SamplerDefinition | null {
  if (spec.method === 'custom') return null;
  const definition = samplers.get(spec.method);
  if (definition === undefined) {
    throw new SamplerFailed(`method "${spec.method}" is not available in this version; use one of: ${[...samplers.keys()].join(', ')}`);
  }
  return definition;
}

export function buildSampler(definition: SamplerDefinition, spec: SweepSpec, seed: bigint): Sampler {
  try {
    return definition.create(spec.space, { seed, goals: spec.objectives.map((objective) => objective.goal) });
  } catch (error) {
    if (error instanceof SpaceError) throw new SamplerFailed(error.message);
    throw error;
  }
}

export function buildPruner(spec: SweepSpec): Pruner | null {
  const [objective] = spec.objectives;
  if (spec.earlyTerminate === null || objective === undefined) return null;
  return pruners.get(spec.earlyTerminate.type)?.create(spec.earlyTerminate.options, objective.goal) ?? null;
}
