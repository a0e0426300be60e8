/** The axes of a grid: a parameter each, or a `zip` group, whose parameters advance together. */
import { type CompiledSpace, name } from '../compiled-space.js';
import { SpaceError } from '../sampler.js';
import type { SearchSpace } from '../space.js';
import { type ParamValue, sameValue, valueKey } from '../value.js';
import { type GridValues, gridValues, unmergedValues } from './grid-values.js';

export interface Axis {
  /** Indices of the parameters. */
  readonly members: readonly number[];
  readonly size: number;
  /** Of the member at this position. */
  at(digit: number, member: number): ParamValue;
  /** The first digit with these values, one for each member; an undefined one may be anything. */
  find(values: readonly (ParamValue | undefined)[]): number | undefined;
  /** All digits at which the member has the value. */
  digitsOf(member: number, value: ParamValue): readonly number[];
  compared(member: number, value: ParamValue): ParamValue;
}

/** In the order of the parameters, a group at the place of its first member; constants have none. */
export function gridAxes(space: SearchSpace, compiled: CompiledSpace): readonly Axis[] {
  const groups = space.zip.map((keys) => keys.map((key) => memberIndex(compiled, key)));
  const axes: Axis[] = [];
  for (const [index, parameter] of compiled.parameters.entries()) {
    const group = groups.find((members) => members.includes(index));
    if (group !== undefined && Math.min(...group) === index) axes.push(groupAxis(compiled, group));
    else if (group === undefined && parameter.domain.kind !== 'constant') axes.push(singleAxis(index, gridValues(parameter)));
  }
  return axes;
}

function memberIndex(compiled: CompiledSpace, key: string): number {
  const index = compiled.parameters.findIndex((parameter) => parameter.key === key);
  if (index < 0) throw new SpaceError(`"zip" names ${key}, which is no parameter`);
  return index;
}

function singleAxis(index: number, values: GridValues): Axis {
  const find = ([value]: readonly (ParamValue | undefined)[]): number | undefined => (value === undefined ? 0 : values.indexOf(value));
  return {
    members: [index],
    size: values.size,
    at: (digit) => values.at(digit),
    find,
    digitsOf: (_, value) => [values.indexOf(value)].filter((digit) => digit !== undefined),
    compared: (_, value) => values.compared(value),
  };
}

function groupAxis(compiled: CompiledSpace, members: readonly number[]): Axis {
  const lists = members.map((index) => memberValues(compiled, index));
  const sizes = new Set(lists.map(({ size }) => size));
  if (sizes.size !== 1) {
    const counts = members.map((index, position) => `${name(compiled.parameters[index]!)} has ${lists[position]!.size}`);
    throw new SpaceError(`the parameters of a "zip" group need equally many values: ${counts.join(', ')}`);
  }
  // A range never repeats, so a group with one has no equal rows; without one the group is as long as a list in the file.
  const range = lists.find(({ listed }) => !listed);
  return range === undefined ? listedGroup(members, lists) : rangedGroup(members, lists, range);
}

function memberValues(compiled: CompiledSpace, index: number): GridValues {
  const parameter = compiled.parameters[index]!;
  if (parameter.domain.kind === 'constant') throw new SpaceError(`"zip" names ${name(parameter)}, which has one value only`);
  return unmergedValues(parameter);
}

function listedGroup(members: readonly number[], lists: readonly GridValues[]): Axis {
  const merged = new Map<string, readonly ParamValue[]>();
  for (let row = 0; row < lists[0]!.size; row += 1) {
    const values = lists.map((list) => list.at(row));
    merged.set(values.map(valueKey).join(), values);
  }
  const rows = [...merged.values()];
  const keys = rows.map((row) => row.map(valueKey));
  const rowsWith = (wanted: readonly (string | undefined)[]): readonly number[] =>
    [...keys.keys()].filter((row) => wanted.every((key, member) => key === undefined || keys[row]![member] === key));
  const compared = (member: number, value: ParamValue): ParamValue => lists[member]!.compared(value);
  return {
    members,
    size: rows.length,
    at: (digit, member) => rows[digit]![member]!,
    find: (values) => rowsWith(values.map((value, member) => (value === undefined ? undefined : valueKey(compared(member, value)))))[0],
    digitsOf: (member, value) => rowsWith(lists.map((_, position) => (position === member ? valueKey(value) : undefined))),
    compared,
  };
}

function rangedGroup(members: readonly number[], lists: readonly GridValues[], range: GridValues): Axis {
  const anchor = lists.indexOf(range);
  const matches = (digit: number, values: readonly (ParamValue | undefined)[]): boolean =>
    lists.every((list, member) => {
      const value = values[member];
      return value === undefined || sameValue(list.at(digit), list.compared(value));
    });
  const digits = (values: readonly (ParamValue | undefined)[]): readonly number[] => {
    const value = values[anchor];
    const candidates = value === undefined ? Array.from({ length: range.size }, (_, digit) => digit) : [range.indexOf(value)];
    return candidates.filter((digit) => digit !== undefined && matches(digit, values)) as readonly number[];
  };
  return {
    members,
    size: range.size,
    at: (digit, member) => lists[member]!.at(digit),
    find: (values) => (values.every((value) => value === undefined) ? 0 : digits(values)[0]),
    digitsOf: (member, value) => digits(lists.map((_, position) => (position === member ? value : undefined))),
    compared: (member, value) => lists[member]!.compared(value),
  };
}
