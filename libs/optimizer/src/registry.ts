/** Every search algorithm and stopping rule by the name that a sweep file uses. A new one is a line here. */
import type { PrunerDefinition } from './pruner.js';
import { asha } from './pruners/asha.js';
import { hyperband } from './pruners/hyperband.js';
import { median } from './pruners/median.js';
import { patience } from './pruners/patience.js';
import { threshold } from './pruners/threshold.js';
import type { SamplerDefinition } from './sampler.js';
import { bayesSampler } from './samplers/bayes/bayes.js';
import { gridSampler } from './samplers/grid.js';
import { randomSampler } from './samplers/random.js';
import { sobolSampler } from './samplers/sobol.js';

export const samplers: ReadonlyMap<string, SamplerDefinition> = byName([gridSampler, randomSampler, sobolSampler, bayesSampler]);

export const pruners: ReadonlyMap<string, PrunerDefinition> = byName([hyperband, asha, median, patience, threshold]);

function byName<Definition extends { readonly name: string }>(definitions: readonly Definition[]): ReadonlyMap<string, Definition> {
  return new Map(definitions.map((definition) => [definition.name, definition]));
}
