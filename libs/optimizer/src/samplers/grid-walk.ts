/**
 * Walks the combinations of a grid in order, without holding them: a combination is an index, its digits are found by division.
 *
 * Combinations that differ only in inactive parameters are one point; the walk stops at the first of them alone, the one with the
 * lowest digits. Whole blocks are skipped as soon as their common digits are refused.
 */
import { allowed, type CompiledSpace, compileSpace } from '../compiled-space.js';
import { SpaceError } from '../sampler.js';
import type { SearchSpace } from '../space.js';
import { type ParamValue, valueKey } from '../value.js';
import { type Axis, gridAxes } from './grid-axes.js';

export interface Grid {
  readonly compiled: CompiledSpace;
  readonly axes: readonly Axis[];
  /** Combinations, points that are the same included. */
  readonly product: number;
  /** Whether every combination is a point of its own and allowed. */
  readonly plain: boolean;
  /** Combinations per step of each axis. */
  readonly strides: readonly number[];
  /** For each parameter its axis and its position in it; constants have none. */
  readonly places: readonly ({ readonly axis: number; readonly member: number } | undefined)[];
  readonly gates: readonly (readonly DigitGate[])[];
  /** For each axis: what can be judged once this axis and those before it are set. */
  readonly judged: readonly Judged[];
}

interface Judged {
  /** Axes of which it is known then which members exist. */
  readonly axes: readonly number[];
  /** Constraints of which all parameters are known then. */
  readonly constraints: readonly number[];
  /** Whether conditions name a parameter of this axis. */
  readonly decides: boolean;
}

/** A condition in digits: open if the axis stands at one of them. */
interface DigitGate {
  readonly on: number;
  /** -1 for a constant. */
  readonly axis: number;
  readonly open: ReadonlySet<number>;
}

export interface Combination {
  readonly index: number;
  readonly point: readonly ParamValue[];
  readonly active: readonly boolean[];
}

/** @throws SpaceError when a parameter cannot be enumerated */
export function openGrid(space: SearchSpace): Grid {
  const compiled = compileSpace(space);
  const axes = gridAxes(space, compiled);
  const strides = axes.map((_, axis) => axes.slice(axis + 1).reduce((product, { size }) => product * size, 1));
  const product = axes.length === 0 ? pointsOfConstants(compiled) : axes.reduce((total, { size }) => total * size, 1);
  const plain = !compiled.conditional && compiled.mentions.length === 0;
  if (!plain && product > Number.MAX_SAFE_INTEGER) {
    throw new SpaceError('this grid has more than 2^53 combinations, too many to search for those that "when" and "constraints" allow');
  }
  const places = compiled.parameters.map((_, parameter) => placeOf(axes, parameter));
  const shape = { compiled, axes, places };
  const gates = compiled.parameters.map((_, parameter) => digitGates(shape, parameter));
  return { ...shape, product, plain, strides, gates, judged: plain ? [] : judgements(shape) };
}

/** Without axes there is one combination, and no axis at which to judge it. */
function pointsOfConstants(compiled: CompiledSpace): 0 | 1 {
  const point = compiled.parameters.map(({ domain }) => (domain.kind === 'constant' ? domain.value : null));
  return allowed(compiled, point, compiled.activity(point)) ? 1 : 0;
}

type Shape = Pick<Grid, 'compiled' | 'axes' | 'places'>;

function placeOf(axes: readonly Axis[], parameter: number): Grid['places'][number] {
  const axis = axes.findIndex(({ members }) => members.includes(parameter));
  return axis < 0 ? undefined : { axis, member: axes[axis]!.members.indexOf(parameter) };
}

function digitGates({ compiled, axes, places }: Shape, parameter: number): readonly DigitGate[] {
  const { when } = compiled.parameters[parameter]!;
  return compiled.gates[parameter]!.map(({ on, open }, condition) => {
    const place = places[on];
    if (place === undefined) return { on, axis: -1, open: new Set(constantOpens(compiled, on, open) ? [-1] : []) };
    const digits = when[condition]!.values.flatMap((value) => axes[place.axis]!.digitsOf(place.member, value));
    return { on, axis: place.axis, open: new Set(digits) };
  });
}

function constantOpens(compiled: CompiledSpace, parameter: number, open: ReadonlySet<string>): boolean {
  const { domain } = compiled.parameters[parameter]!;
  return domain.kind === 'constant' && open.has(valueKey(domain.value));
}

function judgements(shape: Shape): readonly Judged[] {
  const { compiled, axes, places } = shape;
  const known: number[] = [];
  // The last axis that the existence of a parameter, and its value, depend on.
  for (const index of compiled.order) {
    known[index] = Math.max(places[index]?.axis ?? 0, ...compiled.gates[index]!.map(({ on }) => known[on]!));
  }
  const axisKnown = axes.map(({ members }) => Math.max(...members.map((member) => known[member]!)));
  const gated = axes.map(({ members }) => members.some((member) => compiled.gates[member]!.length > 0));
  const constraintKnown = compiled.mentions.map((mentions) => Math.max(0, ...mentions.map((parameter) => known[parameter]!)));
  const deciding = new Set(compiled.gates.flat().map(({ on }) => places[on]?.axis));
  return axes.map((_, depth) => ({
    decides: deciding.has(depth),
    axes: [...axes.keys()].filter((axis) => gated[axis] && axisKnown[axis] === depth),
    constraints: [...constraintKnown.keys()].filter((constraint) => constraintKnown[constraint] === depth),
  }));
}

/** How far a walk may go before it gives up; shared by several steps where their sum counts. */
export interface Patience {
  /** Blocks that may still be refused. */
  left: number;
}

/**
 * The first point at or after the index; undefined at the end.
 *
 * @returns 'tired' when the patience is used up before that
 */
export function nextPoint(grid: Grid, from: number, patience: Patience): Combination | 'tired' | undefined {
  let index = from;
  while (index < grid.product) {
    const digits = digitsAt(grid, index);
    const active = activeAt(grid, digits);
    const block = refusedBlock(grid, digits, active);
    if (block === undefined)
      return { index, point: grid.compiled.parameters.map((_, parameter) => valueHere(grid, digits, parameter)), active };
    if (patience.left <= 0) return 'tired';
    patience.left -= 1;
    index = (Math.floor(index / block) + 1) * block;
  }
  return undefined;
}

function digitsAt({ axes }: Grid, index: number): readonly number[] {
  const digits = new Array<number>(axes.length);
  let rest = index;
  for (let axis = axes.length - 1; axis >= 0; axis -= 1) {
    const { size } = axes[axis]!;
    digits[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return digits;
}

function valueHere(grid: Grid, digits: readonly number[], parameter: number): ParamValue {
  const place = grid.places[parameter];
  if (place !== undefined) return grid.axes[place.axis]!.at(digits[place.axis]!, place.member);
  const { domain } = grid.compiled.parameters[parameter]!;
  return domain.kind === 'constant' ? domain.value : null;
}

function activeAt(grid: Grid, digits: readonly number[]): readonly boolean[] {
  const active = grid.compiled.parameters.map(() => true);
  if (!grid.compiled.conditional) return active;
  for (const parameter of grid.compiled.order) {
    active[parameter] = grid.gates[parameter]!.every((gate) => active[gate.on] === true && gate.open.has(digitOf(gate, digits)));
  }
  return active;
}

function digitOf(gate: DigitGate, digits: readonly number[]): number {
  return gate.axis < 0 ? -1 : digits[gate.axis]!;
}

/** If this combination is no point: how many combinations lie in the block around it that are none for the same reason. */
function refusedBlock(grid: Grid, digits: readonly number[], active: readonly boolean[]): number | undefined {
  if (grid.plain) return undefined;
  const value = (parameter: number): ParamValue | undefined => (active[parameter] ? valueHere(grid, digits, parameter) : undefined);
  for (const [depth, judged] of grid.judged.entries()) {
    const stride = grid.strides[depth]!;
    // All digits above 0 ask for the same, unless conditions look at this very axis.
    if (contradicts(grid, digits, depth)) return judged.decides ? stride : stride * grid.axes[depth]!.size;
    if (judged.axes.some((axis) => !isFirst(grid.axes[axis]!, digits[axis]!, { active, value }))) return stride;
    if (judged.constraints.some((constraint) => !grid.compiled.allows(constraint, value))) return stride;
  }
  return undefined;
}

/** Whether no lower digit of the axis means the same point. */
function isFirst(
  axis: Axis,
  digit: number,
  { active, value }: { readonly active: readonly boolean[]; readonly value: (parameter: number) => ParamValue | undefined },
): boolean {
  if (axis.members.length === 1) return digit === 0 || active[axis.members[0]!] === true;
  if (axis.members.every((member) => active[member])) return true;
  return axis.find(axis.members.map(value)) === digit;
}

/**
 * Whether the axes up to the depth ask for what cannot be: each digit above 0 needs its parameter to exist, so needs what its
 * conditions name, and these may exclude one another long before the axis that they name is reached.
 */
function contradicts({ axes, gates }: Grid, digits: readonly number[], depth: number): boolean {
  const first = axes[depth]!.members[0]!;
  // Only a new demand can bring a new contradiction; groups are left to `isFirst`.
  if (digits[depth] === 0 || axes[depth]!.members.length > 1 || gates[first]!.length === 0) return false;
  const possible = new Map<number, ReadonlySet<number>>();
  const needed = axes.slice(0, depth + 1).flatMap(({ members }, axis) => (members.length === 1 && digits[axis] !== 0 ? members : []));
  for (let next = needed.pop(); next !== undefined; next = needed.pop()) {
    for (const gate of gates[next]!) {
      const open = intersection(possible.get(gate.axis) ?? gate.open, gate.open);
      if (gate.axis <= depth ? !gate.open.has(digitOf(gate, digits)) : open.size === 0) return true;
      possible.set(gate.axis, open);
      needed.push(gate.on);
    }
  }
  return false;
}

function intersection(a: ReadonlySet<number>, b: ReadonlySet<number>): ReadonlySet<number> {
  return a === b ? a : new Set([...a].filter((digit) => b.has(digit)));
}
