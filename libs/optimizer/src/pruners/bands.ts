/** The iterations at which hyperband and ASHA compare trials, from either pair of options. */
import { OptionError, type PrunerOption } from '../pruner.js';
import type { ReadOptions } from './options.js';

export const bandOptions: readonly PrunerOption[] = [
  {
    name: 'min_iter',
    type: 'integer',
    minimum: 1,
    describe: 'First iteration at which trials are compared; the next ones follow at eta times the last.',
  },
  {
    name: 'max_iter',
    type: 'integer',
    minimum: 1,
    describe: 'Longest trial. With s: trials are compared at max_iter/eta, max_iter/eta^2, …',
  },
  { name: 's', type: 'integer', minimum: 1, describe: 'How many times max_iter is divided by eta.' },
  { name: 'eta', type: 'number', default: 3, exclusiveMinimum: 1, describe: 'One in eta trials goes on at each comparison.' },
];

const bandLimit = 100;

/**
 * Ascending, at most 100. `max_iter` goes before `min_iter` when both are given, as at W&B.
 *
 * @throws OptionError when neither form is complete, or no band is left
 */
export function bands(options: ReadOptions): readonly number[] {
  const eta = options.required('eta');
  const maxIter = options.number('max_iter');
  if (maxIter !== undefined) return dividedBands(maxIter, eta, options.number('s'));
  const minIter = options.number('min_iter');
  if (minIter === undefined) throw new OptionError('min_iter', 'either "min_iter", or "max_iter" and "s", is required');
  // The product is carried unrounded: 30, 45, 67.5, 101.25 …
  const products = [minIter];
  while (products.length < bandLimit) products.push(products[products.length - 1]! * eta);
  return products.map(Math.floor);
}

function dividedBands(maxIter: number, eta: number, s: number | undefined): readonly number[] {
  if (s === undefined) throw new OptionError('s', '"max_iter" needs "s"');
  const found: number[] = [];
  for (let band = maxIter / eta; found.length < Math.min(s, bandLimit) && band >= 1; band /= eta) found.unshift(Math.floor(band));
  if (found.length === 0)
    throw new OptionError('max_iter', `"max_iter" ${maxIter} divided by "eta" ${eta} is below 1, so trials would never be compared`);
  return found;
}

/** The last band with that many values; undefined before the first. */
export function bandReached(list: readonly number[], count: number): number | undefined {
  return list.findLast((band) => band <= count);
}
