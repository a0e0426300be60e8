/** Whether params are a point of a space: nothing missing, nothing too much, every value in its domain, every constraint held. */
import {
  type Domain,
  Float,
  holds,
  isInt,
  numeric,
  type Parameter,
  type Params,
  type ParamValue,
  paramAt,
  type SearchSpace,
  sameValue,
} from '@sweep/optimizer';

/** What is wrong, in words; empty for a point of the space. */
export function complaints(space: SearchSpace, params: Params): string[] {
  return [...wrongParameters(space, params), ...wrongValues(space, params), ...brokenConstraints(space, params)];
}

export function wrongParameters(space: SearchSpace, params: Params): string[] {
  const paths = new Set(space.parameters.map(({ path }) => path[0]!));
  const strangers = Object.keys(params).filter((name) => !paths.has(name));
  const wrong = space.parameters.filter((one) => exists(space, params, one) !== (paramAt(params, one.path) !== undefined));
  return [
    ...strangers.map((name) => `there is no ${name}`),
    ...wrong.map(({ key }) => `${key} is missing, or there though it does not exist`),
  ];
}

export function wrongValues({ parameters }: SearchSpace, params: Params): string[] {
  return parameters.flatMap(({ path, key, domain }) => {
    const value = paramAt(params, path);
    return value === undefined || fits(domain, value) ? [] : [`${key} lies outside its domain`];
  });
}

export function brokenConstraints(space: SearchSpace, params: Params): string[] {
  const lookup = (key: string): ParamValue | undefined => paramAt(params, space.parameters.find((one) => one.key === key)!.path);
  return space.constraints.filter(({ expression }) => !holds(expression, lookup)).map(({ text }) => `not ${text}`);
}

function exists(space: SearchSpace, params: Params, { when }: Parameter): boolean {
  return when.every(({ key, values }) => {
    const value = paramAt(params, space.parameters.find((one) => one.key === key)!.path);
    return value !== undefined && values.some((wanted) => sameValue(wanted, value));
  });
}

function fits(domain: Domain, value: ParamValue): boolean {
  if (domain.kind === 'constant') return sameValue(domain.value, value);
  if (domain.kind === 'categorical') return domain.values.some((one) => sameValue(one, value));
  const x = numeric(value);
  if (x === undefined || !Number.isFinite(x)) return false;
  const int = domain.kind === 'int_uniform' || ('q' in domain && domain.q.int);
  if (int !== isInt(value) || (!int && Number.isInteger(x) !== value instanceof Float)) return false;
  switch (domain.kind) {
    case 'int_uniform':
    case 'uniform':
    case 'log_uniform_values':
    case 'inv_log_uniform_values':
      return x >= domain.min && x <= domain.max;
    case 'beta':
      return x >= 0 && x <= 1;
    default:
      return !('q' in domain) || isMultiple(x / domain.q.size);
  }
}

function isMultiple(quanta: number): boolean {
  return Math.abs(quanta - Math.round(quanta)) < 1e-9 * Math.max(1, Math.abs(quanta));
}
