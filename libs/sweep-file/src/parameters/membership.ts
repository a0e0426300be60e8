/** Which values a parameter can take, for values that the file names elsewhere (`when`, `prior`). */
import { type Domain, numeric, type ParamValue, sameValue } from '@sweep/optimizer';
import { numberOf } from '../numbers.js';
import { type Node, toValue } from '../yaml-dialect/tree.js';

/** The node as a value of the domain: as it stands, else its text as a number; undefined if neither is possible. */
export function memberOf(domain: Domain, node: Node): ParamValue | undefined {
  const value = toValue(node);
  if (contains(domain, value)) return value;
  const read = numberOf(node);
  return read?.fromText && contains(domain, read.value) ? read.value : undefined;
}

function contains(domain: Domain, value: ParamValue): boolean {
  if (domain.kind === 'constant') return sameValue(domain.value, value);
  if (domain.kind === 'categorical') return domain.values.some((each) => sameValue(each, value));
  const number = numeric(value);
  if (number === undefined || !Number.isFinite(number)) return false;
  const [low, high] = reach(domain);
  return number >= low && number <= high && (domain.kind !== 'int_uniform' || Number.isInteger(number));
}

/** The smallest and largest value; quantised ranges may round past their bounds by half a step. */
function reach(domain: Exclude<Domain, { kind: 'constant' | 'categorical' }>): readonly [number, number] {
  const slack = 'q' in domain ? domain.q.size / 2 : 0;
  switch (domain.kind) {
    case 'log_uniform':
    case 'q_log_uniform':
      return [Math.exp(domain.min) - slack, Math.exp(domain.max) + slack];
    case 'inv_log_uniform':
      return [Math.exp(-domain.max), Math.exp(-domain.min)];
    case 'normal':
    case 'q_normal':
      return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    case 'log_normal':
    case 'q_log_normal':
      return [0, Number.POSITIVE_INFINITY];
    case 'beta':
    case 'q_beta':
      return [0, 1 + slack];
    default:
      return [domain.min - slack, domain.max + slack];
  }
}
