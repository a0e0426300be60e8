/** From shares in [0, 1) to a proposal, and what independent and quasi-random draws have in common. */
import { allowed, type CompiledSpace, constraintTexts } from '../compiled-space.js';
import { valueAt } from '../distribution.js';
import { SpaceError } from '../sampler.js';
import type { Domain, SearchSpace } from '../space.js';
import { float, numeric, type Params, type ParamValue } from '../value.js';

/** Candidates of one proposal that the constraints may refuse before the space counts as empty. */
export const missLimit = 10_000;

/** The params at these shares (one for each parameter), or undefined if a constraint refuses them. */
export function paramsAt(space: CompiledSpace, share: (parameter: number) => number): Params | undefined {
  const point = space.parameters.map(({ domain }, index) =>
    domain.kind === 'constant' ? domain.value : tidyValueAt(domain, share(index)),
  );
  const active = space.activity(point);
  return allowed(space, point, active) ? space.params(point, active) : undefined;
}

/**
 * The domain's value at the share, with floats rounded to 12 digits.
 *
 * The last digits of exp and log are the platform's own; without them the same seed gives the same text everywhere.
 */
export function tidyValueAt(domain: Domain, share: number): ParamValue {
  const [min, max] = bounds(domain);
  // An unbounded distribution is infinite at exactly 0; a bounded one begins there.
  const value = valueAt(domain, min === Number.NEGATIVE_INFINITY ? Math.max(share, 2 ** -54) : share);
  if (domain.kind === 'categorical' || domain.kind === 'int_uniform' || 'q' in domain) return value;
  const x = numeric(value) ?? Number.NaN;
  return float(Math.min(max, Math.max(min, Number(x.toPrecision(12)))));
}

/** Rounding must not leave the range that the file gives. */
function bounds(domain: Domain): readonly [number, number] {
  switch (domain.kind) {
    case 'uniform':
    case 'log_uniform_values':
    case 'inv_log_uniform_values':
      return [domain.min, domain.max];
    case 'beta':
      return [0, 1];
    default:
      return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
}

export function noPoint(space: SearchSpace): SpaceError {
  return new SpaceError(`no point satisfies ${constraintTexts(space)}: ${missLimit.toLocaleString('en')} candidates in a row were refused`);
}
