/**
 * A search space as a cube: params to a vector of coordinates and back, exact on the executed value.
 *
 * A vector holds first the numeric coordinates, then one indicator for each group of conditions (1 where its parameters exist), then
 * the categories. A parameter that does not exist stands at a fixed place, so that two points which differ only there are the same.
 * The order of coordinates depends on the domains and not on the file's order.
 */
import { allowed, type CompiledSpace, compileSpace } from '../compiled-space.js';
import { stringifyJson } from '../json-write.js';
import { paramAt } from '../params.js';
import { tidyValueAt } from '../samplers/draw.js';
import type { Parameter, SearchSpace } from '../space.js';
import { type Params, type ParamValue, valueKey } from '../value.js';
import { type Dimension, dimensionOf } from './dimension.js';

export type Vector = Float64Array;

/** A dimension and where it lies in the vector. */
export interface Axis extends Dimension {
  readonly at: number;
  /** Where the vector says whether the parameter exists; -1 if it always does. */
  readonly indicator: number;
}

/** Straight-line distance to the vector that begins at `from` in `others`; two categories that differ are 1 apart. */
export function distance(cube: Cube, vector: Vector, others: Float64Array, from = 0): number {
  let sum = 0;
  for (const { at, kind } of cube.axes) {
    const delta = vector[at]! - others[from + at]!;
    sum += kind === 'category' ? (delta === 0 ? 0 : 1) : delta * delta;
  }
  return Math.sqrt(sum);
}

export function present(axis: Axis, vector: Vector): boolean {
  return axis.indicator < 0 || vector[axis.indicator] === 1;
}

export interface Cube {
  /** What can be searched; indicators follow from it. */
  readonly axes: readonly Axis[];
  /** Length of a vector. */
  readonly length: number;
  /** How many coordinates are numeric, indicators included. */
  readonly numeric: number;
  /** Combinations of levels, whether allowed or not; Infinity with a continuous axis. */
  readonly combinations: number;
  /** The params' vector: a missing value stands at the centre. Undefined when a value lies outside the space. */
  vector(params: Params): Vector | undefined;
  params(vector: Vector): Params;
  /** Equal for two vectors exactly if their params are the same. */
  key(vector: Vector): string;
  /**
   * Snaps discrete coordinates, and all when `executed`, and puts absent ones at their place.
   *
   * @returns whether the constraints allow the point
   */
  settle(vector: Vector, executed?: boolean): boolean;
}

export function cubeOf(space: SearchSpace): Cube {
  const compiled = compileSpace(space);
  const found = ordered(space)
    .map((index) => dimensionOf(space.parameters[index]!, index))
    .filter((dimension) => dimension !== null);
  const numeric = found.filter(({ kind }) => kind === 'numeric');
  const categories = found.filter(({ kind }) => kind === 'category');
  const groups = conditionGroups(space, found);
  const offset = numeric.length + groups.length;
  const indicator = (parameter: number): number => {
    const group = groups.findIndex((first) => conditionText(space.parameters[first]!) === conditionText(space.parameters[parameter]!));
    return group < 0 ? -1 : numeric.length + group;
  };
  const axes = [
    ...numeric.map((one, at) => ({ ...one, at, indicator: indicator(one.parameter) })),
    ...categories.map((one, at) => ({ ...one, at: offset + at, indicator: indicator(one.parameter) })),
  ];
  const layout: Layout = {
    compiled,
    axes,
    deciding: decidingAxes(compiled, axes),
    groups,
    firstGroup: numeric.length,
    fixed: fixedValues(space, axes),
  };
  return {
    axes,
    length: axes.length + groups.length,
    numeric: offset,
    combinations: axes.reduce((product, { count }) => product * count, 1),
    vector: (params) => vectorOf(layout, params),
    params(vector) {
      const point = valuesAt(layout, axes, vector);
      return compiled.params(point, compiled.activity(point));
    },
    key(vector) {
      const point = valuesAt(layout, axes, vector);
      const active = compiled.activity(point);
      return axes.map(({ parameter }) => (active[parameter] ? valueKey(point[parameter]!) : '')).join('\u0000');
    },
    settle: (vector, executed = false) => settle(layout, vector, executed),
  };
}

interface Layout {
  readonly compiled: CompiledSpace;
  readonly axes: readonly Axis[];
  /** Those on which it depends what exists and what is allowed. */
  readonly deciding: readonly Axis[];
  /** A parameter of each group of conditions: it exists when the group does. */
  readonly groups: readonly number[];
  readonly firstGroup: number;
  /** Values of the parameters without an axis; null for the others. */
  readonly fixed: readonly ParamValue[];
}

/** By what the parameters are, then by what they are called: moving lines about in a file changes nothing. */
function ordered(space: SearchSpace): readonly number[] {
  const texts = space.parameters.map(({ domain, when }) => stringifyJson([domain, when.length], { nonFinite: 'text' }));
  const compare = (a: number, b: number): number =>
    byText(texts[a]!, texts[b]!) || byText(space.parameters[a]!.key, space.parameters[b]!.key);
  return [...space.parameters.keys()].sort(compare);
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function conditionGroups(space: SearchSpace, dimensions: readonly Dimension[]): readonly number[] {
  const groups = new Map<string, number>();
  for (const { parameter } of dimensions) {
    const text = conditionText(space.parameters[parameter]!);
    if (text !== '' && !groups.has(text)) groups.set(text, parameter);
  }
  return [...groups.values()];
}

function conditionText({ when }: Parameter): string {
  return when.map(({ key, values }) => `${key}=${values.map(valueKey).join()}`).join('&');
}

function fixedValues(space: SearchSpace, axes: readonly Axis[]): readonly ParamValue[] {
  const searched = new Set(axes.map(({ parameter }) => parameter));
  return space.parameters.map(({ domain }, index) => {
    if (searched.has(index)) return null;
    return domain.kind === 'constant' ? domain.value : tidyValueAt(domain, 0.5);
  });
}

function decidingAxes({ gates, mentions }: CompiledSpace, axes: readonly Axis[]): readonly Axis[] {
  const deciding = new Set([...gates.flat().map(({ on }) => on), ...mentions.flat()]);
  return axes.filter(({ parameter }) => deciding.has(parameter));
}

/** The values of the parameters without an axis and of these axes; null for the others. */
function valuesAt({ fixed }: Layout, axes: readonly Axis[], vector: Vector): ParamValue[] {
  const point = [...fixed];
  for (const axis of axes) point[axis.parameter] = axis.value(vector[axis.at]!);
  return point;
}

function settle(layout: Layout, vector: Vector, executed: boolean): boolean {
  const { axes, compiled, deciding, groups, firstGroup } = layout;
  for (const axis of axes) {
    if (executed || axis.count !== Number.POSITIVE_INFINITY) vector[axis.at] = axis.snap(vector[axis.at]!);
  }
  if (!compiled.conditional && compiled.mentions.length === 0) return true;
  // A quantile may cost as much as all the rest of a candidate.
  const point = valuesAt(layout, deciding, vector);
  const active = compiled.activity(point);
  for (const axis of axes) if (!active[axis.parameter]) vector[axis.at] = axis.absent;
  for (const [index, parameter] of groups.entries()) vector[firstGroup + index] = active[parameter] ? 1 : 0;
  return allowed(compiled, point, active);
}

function vectorOf(layout: Layout, params: Params): Vector | undefined {
  const { compiled, axes, groups } = layout;
  const vector = new Float64Array(axes.length + groups.length);
  const point = [...layout.fixed];
  for (const axis of axes) {
    const value = paramAt(params, compiled.parameters[axis.parameter]!.path);
    const coordinate = value === undefined ? axis.centre : axis.coordinate(value);
    if (coordinate === undefined) return undefined;
    vector[axis.at] = coordinate;
    point[axis.parameter] = value ?? axis.value(axis.centre);
  }
  const active = compiled.activity(point);
  for (const axis of axes) if (!active[axis.parameter]) vector[axis.at] = axis.absent;
  for (const [index, parameter] of groups.entries()) vector[layout.firstGroup + index] = active[parameter] ? 1 : 0;
  return vector;
}
