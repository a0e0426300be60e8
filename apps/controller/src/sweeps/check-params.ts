/** Whether chosen params belong to a space: every active parameter present and allowed, nothing else. */
import { Invalid } from '@sweep/domain';
import { numeric, type Parameter, type Params, type ParamValue, paramAt, type SearchSpace, sameValue } from '@sweep/optimizer';

/** @throws Invalid naming the parameter */
export function checkParams(space: SearchSpace, params: Params): void {
  const known = new Set(space.parameters.map((parameter) => parameter.path[0]!));
  for (const name of Object.keys(params)) {
    if (!known.has(name))
      throw new Invalid(`the sweep has no parameter "${name}"; it has: ${[...known].join(', ')}`, [
        { path: name, message: 'unknown parameter' },
      ]);
  }
  const byKey = new Map(space.parameters.map((parameter) => [parameter.key, parameter]));
  for (const parameter of space.parameters) checkParameter(parameter, params, byKey);
}

function checkParameter(parameter: Parameter, params: Params, byKey: ReadonlyMap<string, Parameter>): void {
  const name = parameter.path.join('.');
  const value = paramAt(params, parameter.path);
  const active = parameter.when.every((condition) => {
    const other = paramAt(params, byKey.get(condition.key)!.path);
    return other !== undefined && condition.values.some((wanted) => sameValue(wanted, other));
  });
  if (!active && value !== undefined)
    throw new Invalid(`"${name}" does not exist with these params: its "when" does not hold`, [{ path: name, message: 'inactive' }]);
  if (active && value === undefined && parameter.domain.kind !== 'constant')
    throw new Invalid(`"${name}" is missing`, [{ path: name, message: 'missing' }]);
  if (value === undefined) return;
  const complaint = outside(parameter, value);
  if (complaint !== null) throw new Invalid(`"${name}": ${complaint}`, [{ path: name, message: complaint }]);
}

/** Bounds are not clipped by quantised distributions, so only the kinds whose values are exactly bounded are held to them. */
function outside({ domain }: Parameter, value: ParamValue): string | null {
  if (domain.kind === 'constant') return sameValue(domain.value, value) ? null : 'it is a constant';
  if (domain.kind === 'categorical') return domain.values.some((allowed) => sameValue(allowed, value)) ? null : 'not one of its values';
  const number = numeric(value);
  if (number === undefined || !Number.isFinite(number)) return 'a finite number is needed';
  if (
    (domain.kind === 'uniform' || domain.kind === 'int_uniform' || domain.kind === 'log_uniform_values') &&
    (number < domain.min || number > domain.max)
  ) {
    return `${number} is outside ${domain.min} … ${domain.max}`;
  }
  if (domain.kind === 'int_uniform' && !Number.isInteger(number)) return 'a whole number is needed';
  return null;
}
