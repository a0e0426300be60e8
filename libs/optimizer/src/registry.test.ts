import { describe, expect, it } from 'vitest';
import { finiteSpace, mixedSpace, prunerContract, samplerContract } from '../testing/index.js';
import type { PrunerOptions } from './pruner.js';
import { pruners, samplers } from './registry.js';

for (const definition of samplers.values()) samplerContract(definition, definition.name === 'grid' ? finiteSpace : mixedSpace);

const stopping: Readonly<Record<string, PrunerOptions>> = {
  hyperband: { min_iter: 2, eta: 2 },
  asha: { min_iter: 1, eta: 1.5 },
  median: { min_trials: 2 },
  patience: { patience: 2 },
  threshold: { upper: 10, max_nan: 2 },
};

for (const definition of pruners.values()) prunerContract(definition, stopping[definition.name] ?? {});

describe('the registry', () => {
  it('lists what a sweep file may name', () => {
    expect([...samplers.keys()]).toEqual(expect.arrayContaining(['grid', 'random', 'sobol']));
    expect([...pruners.keys()].sort()).toEqual(Object.keys(stopping).sort());
  });
});
