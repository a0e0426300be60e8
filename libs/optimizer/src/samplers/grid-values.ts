/**
 * The values that a grid tries for one parameter, by index and without listing ranges.
 *
 * As W&B's engine enumerates them (wandb/sweeps, `grid_search.py`): ints of a range with both ends, quanta from `min` up to but
 * without `max`, categories as listed. Equal categories are one, at the place of the first and with the literal of the last.
 */
import { name } from '../compiled-space.js';
import { SpaceError } from '../sampler.js';
import type { Domain, Parameter, Step } from '../space.js';
import { float, int, isDict, numeric, type ParamValue, sameValue, valueKey } from '../value.js';

export interface GridValues {
  readonly size: number;
  /** Whether they are listed, so that they may repeat before they are merged. */
  readonly listed: boolean;
  at(index: number): ParamValue;
  /** Where this value, perhaps one that a trial ran with, is; undefined if it is not among them. */
  indexOf(value: ParamValue): number | undefined;
  /** The value as it is compared: without the keys that a program added to a dict. */
  compared(value: ParamValue): ParamValue;
}

export function isEnumerable(domain: Domain): boolean {
  if (domain.kind === 'categorical') return domain.probabilities === undefined;
  return domain.kind === 'constant' || domain.kind === 'int_uniform' || domain.kind === 'q_uniform';
}

/** @throws SpaceError naming the parameter, when a grid cannot enumerate it */
export function gridValues(parameter: Parameter): GridValues {
  const { domain } = parameter;
  if (domain.kind === 'categorical' && domain.probabilities === undefined) return categories(domain.values);
  if (domain.kind === 'int_uniform') return range(domain);
  if (domain.kind === 'q_uniform') return quanta(domain);
  throw new SpaceError(refusal(parameter));
}

function refusal(parameter: Parameter): string {
  const { domain } = parameter;
  const what = domain.kind === 'categorical' ? 'categories with probabilities' : domain.kind;
  return `a grid cannot enumerate the parameter "${name(parameter)}" (${what}): it needs values, a range of ints, or q_uniform`;
}

function range({ min, max }: { readonly min: number; readonly max: number }): GridValues {
  return {
    size: Math.max(0, max - min + 1),
    listed: false,
    at: (index) => int(min + index),
    indexOf: (value) => within(numeric(value), { min, max }),
    compared: (value) => value,
  };
}

function within(x: number | undefined, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
  return x !== undefined && Number.isInteger(x) && x >= min && x <= max ? x - min : undefined;
}

function quanta({ min, max, q }: { readonly min: number; readonly max: number; readonly q: Step }): GridValues {
  // numpy's arange: the second value is rounded first, and the others are multiples of the difference.
  const step = min + q.size - min;
  const size = Math.max(0, Math.ceil((max - min) / q.size));
  const ints = q.int && Number.isInteger(min);
  const at = (index: number): ParamValue => (ints ? int(min + index * step) : float(min + index * step));
  const indexOf = (value: ParamValue): number | undefined => {
    const index = Math.round(((numeric(value) ?? Number.NaN) - min) / step);
    return index >= 0 && index < size && sameValue(at(index), value) ? index : undefined;
  };
  return { size, listed: false, at, indexOf, compared: (value) => value };
}

function categories(values: readonly ParamValue[]): GridValues {
  const merged = new Map<string, ParamValue>();
  for (const value of values) merged.set(valueKey(value), value);
  const places = new Map([...merged.keys()].map((key, index) => [key, index]));
  const listed = [...merged.values()];
  const known = new Set(listed.filter(isDict).flatMap((dict) => Object.keys(dict)));
  const compared = (value: ParamValue): ParamValue =>
    isDict(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => known.has(key))) : value;
  return {
    size: listed.length,
    listed: true,
    at: (index) => listed[index]!,
    indexOf: (value) => places.get(valueKey(compared(value))),
    compared,
  };
}

/** The categories as listed, repeats included: what a `zip` group pairs. */
export function unmergedValues(parameter: Parameter): GridValues {
  const values = gridValues(parameter);
  if (parameter.domain.kind !== 'categorical') return values;
  const all = parameter.domain.values;
  return { ...values, size: all.length, at: (index) => all[index]! };
}
