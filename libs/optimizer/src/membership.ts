/** Whether chosen params belong to a space: every active parameter present and allowed, nothing else. Constraints are not asked. */
import { paramAt } from './params.js';
import type { Parameter, SearchSpace } from './space.js';
import { numeric, type Params, type ParamValue, sameValue } from './value.js';

export interface Misfit {
  /** The parameter's name, with dots between levels. */
  readonly path: string;
  /** A sentence that names it. */
  readonly message: string;
}

/** The first thing that is wrong with the params; null when they belong to the space. */
export function misfit(space: SearchSpace, params: Params): Misfit | null {
  const known = new Set(space.parameters.map((parameter) => parameter.path[0]!));
  const stranger = Object.keys(params).find((name) => !known.has(name));
  if (stranger !== undefined)
    return { path: stranger, message: `the sweep has no parameter "${stranger}"; it has: ${[...known].join(', ')}` };
  const byKey = new Map(space.parameters.map((parameter) => [parameter.key, parameter]));
  for (const parameter of space.parameters) {
    const complaint = complaintAbout(parameter, params, byKey);
    if (complaint === null) continue;
    const path = parameter.path.join('.');
    return { path, message: `"${path}" ${complaint}` };
  }
  return null;
}

function complaintAbout(parameter: Parameter, params: Params, byKey: ReadonlyMap<string, Parameter>): string | null {
  const value = paramAt(params, parameter.path);
  const active = parameter.when.every((condition) => {
    const other = paramAt(params, byKey.get(condition.key)!.path);
    return other !== undefined && condition.values.some((wanted) => sameValue(wanted, other));
  });
  if (!active) return value === undefined ? null : 'does not exist with these params: its "when" does not hold';
  if (value !== undefined) return outside(parameter, value);
  return parameter.domain.kind === 'constant' ? null : 'is missing';
}

/** Bounds are not clipped by quantised distributions, so only the kinds whose values are exactly bounded are held to them. */
function outside({ domain }: Parameter, value: ParamValue): string | null {
  if (domain.kind === 'constant') return sameValue(domain.value, value) ? null : 'is a constant with another value';
  if (domain.kind === 'categorical') return domain.values.some((allowed) => sameValue(allowed, value)) ? null : 'is not one of its values';
  const number = numeric(value);
  if (number === undefined || !Number.isFinite(number)) return 'must be a finite number';
  const bounded = domain.kind === 'uniform' || domain.kind === 'int_uniform' || domain.kind === 'log_uniform_values';
  if (bounded && (number < domain.min || number > domain.max)) return `is ${number}, outside ${domain.min} … ${domain.max}`;
  if (domain.kind === 'int_uniform' && !Number.isInteger(number)) return 'must be a whole number';
  return null;
}
