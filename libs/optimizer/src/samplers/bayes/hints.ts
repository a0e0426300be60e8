/**
 * What a person wrote about good values: a density around the value, floored so that a wrong hint is outlived.
 *
 * Hvarfner et al., "πBO" (2022): the logarithm of the density counts β/n times, n results in.
 */
import { belief, type Hint, type Term } from '../../acquisition/terms.js';
import type { Axis, Cube } from '../../encoding/cube.js';
import { exp, log } from '../../math/elementary.js';
import type { Prior, SearchSpace } from '../../space.js';

/** Standard deviations on the unit interval, and what a category other than the named one keeps of its chance. */
const spreads = { low: 0.3, medium: 0.15, high: 0.07 } as const;
const others = { low: 0.5, medium: 0.2, high: 0.05 } as const;
const floor = 1e-3;
const beta = 10;

export function hintsOf(space: SearchSpace, cube: Cube): readonly Hint[] {
  return cube.axes.flatMap((axis) => {
    const { prior } = space.parameters[axis.parameter]!;
    const centre = prior === undefined ? undefined : axis.coordinate(prior.around);
    return prior === undefined || centre === undefined ? [] : [hintOf(axis, centre, prior.confidence)];
  });
}

function hintOf(axis: Axis, centre: number, confidence: Prior['confidence']): Hint {
  if (axis.kind === 'category' || axis.count === 2) {
    return { axis, logDensity: (coordinate) => ({ value: coordinate === centre ? 0 : log(others[confidence]), slope: 0 }) };
  }
  const spread = spreads[confidence];
  return {
    axis,
    logDensity: (coordinate) => {
      const off = (coordinate - centre) / spread;
      const density = exp(-0.5 * off * off);
      return { value: log(density + floor), slope: ((-density / (density + floor)) * off) / spread };
    },
  };
}

/** Undefined without hints. */
export function hintTerm(hints: readonly Hint[], results: number): Term | undefined {
  return hints.length === 0 ? undefined : belief(hints, beta / Math.max(1, results));
}
