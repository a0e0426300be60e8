/**
 * Every combination once, in W&B's order: parameters as the space lists them, the last one fastest. Ends.
 *
 * The cursor is the index of the next combination. Points that other trials cover already, however those ended, are passed over.
 */

import { constraintTexts } from '../compiled-space.js';
import { paramAt } from '../params.js';
import { type Answer, type Ask, type Observation, type Proposal, type SamplerDefinition, SpaceError } from '../sampler.js';
import type { SearchSpace } from '../space.js';
import { type ParamValue, valueKey } from '../value.js';
import { type Grid, nextPoint, openGrid } from './grid-walk.js';

/** Blocks of refused combinations before one ask gives up: some seconds of work. */
const refusalLimit = 5_000_000;

export const gridSampler: SamplerDefinition = {
  name: 'grid',
  version: 1,
  learnsFrom: 'others',
  create(space) {
    const grid = openGrid(space);
    return { ask: (request) => ask(space, grid, request) };
  },
};

function ask(space: SearchSpace, grid: Grid, { cursor, count, observations }: Ask): Answer {
  const covered = new Set(observations.map((observation) => coveredIndex(grid, observation)));
  const proposals: Proposal[] = [];
  let index = cursor;
  while (proposals.length < count && index < grid.product) {
    const found = nextPoint(grid, index, { left: refusalLimit });
    if (found === 'tired') throw new SpaceError(`no point satisfies ${constraintTexts(space)} for very long stretches of this grid`);
    index = found === undefined ? grid.product : found.index + 1;
    if (found === undefined || covered.has(found.index)) continue;
    proposals.push({
      params: grid.compiled.params(found.point, found.active),
      why: `grid combination ${found.index + 1} of ${grid.product}`,
    });
  }
  return { proposals, cursor: index, exhausted: index >= grid.product };
}

/**
 * The point that the trial ran, as the index of its first combination; undefined if it is none of the grid.
 *
 * Constants are not compared, inactive parameters neither, and a trial that lacks an active one covers nothing.
 */
function coveredIndex(grid: Grid, { params }: Observation): number | undefined {
  const { compiled, axes, places, strides } = grid;
  const values = compiled.parameters.map(({ path, domain }, parameter): ParamValue | undefined => {
    if (domain.kind === 'constant') return domain.value;
    const value = paramAt(params, path);
    const place = places[parameter]!;
    return value === undefined ? undefined : axes[place.axis]!.compared(place.member, value);
  });
  const active = new Set<number>();
  for (const parameter of compiled.order) {
    const exists = compiled.gates[parameter]!.every(({ on, open }) => active.has(on) && open.has(valueKey(values[on]!)));
    if (!exists) continue;
    if (values[parameter] === undefined) return undefined;
    active.add(parameter);
  }
  let index = 0;
  for (const [axis, { members, find }] of axes.entries()) {
    const digit = find(members.map((member) => (active.has(member) ? values[member] : undefined)));
    if (digit === undefined) return undefined;
    index += digit * strides[axis]!;
  }
  return index;
}
