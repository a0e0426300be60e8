/**
 * What sweeps ask for, parsed from their stored text and kept per revision: spec, sampler, pruner.
 *
 * A cache, never a truth: everything in it can be made again from the row.
 */
import { SamplerFailed, type Sweep, type SweepId, type SweepSpec } from '@sweep/domain';
import type { Pruner, Sampler, SamplerDefinition } from '@sweep/optimizer';
import { createPruner, createSampler, expectedTrials, type Finding, parseSweepFile, samplerOf } from '@sweep/sweep-file';

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
    const definition = samplerOf(entry.spec);
    if (definition === null) return null;
    entry.sampler ??= createSampler(definition, entry.spec, sweep.seed);
    return { definition, sampler: entry.sampler };
  }

  pruner(sweep: Sweep): Pruner | null {
    const entry = this.#entry(sweep);
    if (entry.pruner === undefined) entry.pruner = createPruner(entry.spec);
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
