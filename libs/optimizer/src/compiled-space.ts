/**
 * A search space prepared for many points: which parameters exist in a point, whether it is allowed, and its params.
 *
 * A point is a list with one entry for each parameter, in the space's order. Owns no distribution and no order of search.
 */
import { holds, mentioned } from './constraint.js';
import { assign } from './params.js';
import { SpaceError } from './sampler.js';
import type { Parameter, SearchSpace } from './space.js';
import { type Params, type ParamValue, valueKey } from './value.js';

/** One entry per parameter; those of inactive parameters are never looked at. */
export type Point = readonly ParamValue[];

export interface Gate {
  /** Index of the parameter that decides. */
  readonly on: number;
  /** `valueKey` of the values that open it. */
  readonly open: ReadonlySet<string>;
}

export interface CompiledSpace {
  readonly parameters: readonly Parameter[];
  /** Every parameter after those that decide whether it exists. */
  readonly order: readonly number[];
  readonly gates: readonly (readonly Gate[])[];
  readonly conditional: boolean;
  /** For each constraint the indices of the parameters in it. */
  readonly mentions: readonly (readonly number[])[];
  /** Which parameters exist. */
  activity(point: Point): readonly boolean[];
  /** Whether the constraint with this index allows a point, given by its values; those of inactive parameters are undefined. */
  allows(constraint: number, value: (parameter: number) => ParamValue | undefined): boolean;
  params(point: Point, active: readonly boolean[]): Params;
}

/** @throws SpaceError when a condition or constraint names an unknown parameter, or conditions form a cycle. */
export function compileSpace(space: SearchSpace): CompiledSpace {
  const { parameters } = space;
  const indices = new Map(parameters.map((parameter, index) => [parameter.key, index]));
  const indexOf = (key: string): number => {
    const index = indices.get(key);
    if (index === undefined) throw new SpaceError(`no parameter has the key ${key}`);
    return index;
  };
  if (indices.size < parameters.length) throw new SpaceError('two parameters have the same key');
  const gates = parameters.map(({ when }) =>
    when.map(({ key, values }): Gate => ({ on: indexOf(key), open: new Set(values.map(valueKey)) })),
  );
  const order = dependencyOrder(parameters, gates);
  const conditional = gates.some((list) => list.length > 0);
  const everything: readonly boolean[] = parameters.map(() => true);
  return {
    parameters,
    order,
    gates,
    conditional,
    mentions: space.constraints.map(({ expression }) => mentioned(expression).map(indexOf)),
    activity: (point) => (conditional ? activity({ order, gates }, point) : everything),
    allows: (constraint, value) => holds(space.constraints[constraint]!.expression, (key) => value(indexOf(key))),
    params: (point, active) => assign(parameters.flatMap(({ path }, index) => (active[index] ? [[path, point[index]!] as const] : []))),
  };
}

export function allowed(space: CompiledSpace, point: Point, active: readonly boolean[]): boolean {
  const value = (parameter: number): ParamValue | undefined => (active[parameter] ? point[parameter] : undefined);
  return space.mentions.every((_, constraint) => space.allows(constraint, value));
}

/** The texts of all constraints, for a message. */
export function constraintTexts(space: SearchSpace): string {
  return space.constraints.map(({ text }) => `"${text}"`).join(', ');
}

function activity({ order, gates }: Pick<CompiledSpace, 'order' | 'gates'>, point: Point): readonly boolean[] {
  const active: boolean[] = order.map(() => false);
  for (const index of order) {
    active[index] = gates[index]!.every(({ on, open }) => active[on] === true && open.has(valueKey(point[on]!)));
  }
  return active;
}

function dependencyOrder(parameters: readonly Parameter[], gates: readonly (readonly Gate[])[]): readonly number[] {
  const order: number[] = [];
  const state = new Map<number, 'open' | 'done'>();
  const visit = (index: number): void => {
    if (state.get(index) === 'done') return;
    if (state.get(index) === 'open') throw new SpaceError(`"when" of ${name(parameters[index]!)} depends on itself`);
    state.set(index, 'open');
    for (const { on } of gates[index]!) visit(on);
    state.set(index, 'done');
    order.push(index);
  };
  for (const index of parameters.keys()) visit(index);
  return order;
}

/** As a person wrote it: `optimizer.lr`. */
export function name(parameter: Parameter): string {
  return parameter.path.join('.');
}
