/** How many points a grid has, counted without proposing them. */
import { compileSpace } from '../compiled-space.js';
import type { SearchSpace } from '../space.js';
import { isEnumerable } from './grid-values.js';
import { nextPoint, openGrid } from './grid-walk.js';

/** Combinations that are looked at before the number counts as unknown: a second or two. */
const defaultLimit = 1_000_000;

/**
 * The number of distinct points; null when the space has no grid, or has too many combinations under "when" and constraints to
 * count. Beyond 2^53 it is rounded to a double.
 *
 * @throws SpaceError as the grid sampler does, but for parameters that cannot be enumerated
 */
export function gridSize(space: SearchSpace, limit = defaultLimit): number | null {
  if (!space.parameters.every(({ domain }) => isEnumerable(domain))) return null;
  const { entangled, free } = split(space);
  const factor = openGrid(free).product;
  const count = factor === 0 ? 0 : countPoints(entangled, limit);
  return count === null ? null : count * factor;
}

/** The parameters that conditions or constraints involve, and the others, which only multiply. */
function split(space: SearchSpace): { readonly entangled: SearchSpace; readonly free: SearchSpace } {
  const compiled = compileSpace(space);
  const involved = new Set(compiled.mentions.flat().map((index) => space.parameters[index]!.key));
  for (const { key, when } of space.parameters) {
    if (when.length > 0) involved.add(key);
    for (const condition of when) involved.add(condition.key);
  }
  for (const group of space.zip) if (group.some((key) => involved.has(key))) for (const key of group) involved.add(key);
  const part = (wanted: boolean): SearchSpace => ({
    parameters: space.parameters.filter(({ key }) => involved.has(key) === wanted),
    constraints: wanted ? space.constraints : [],
    zip: space.zip.filter((group) => group.some((key) => involved.has(key)) === wanted),
  });
  return { entangled: part(true), free: part(false) };
}

function countPoints(space: SearchSpace, limit: number): number | null {
  const grid = openGrid(space);
  if (grid.plain) return grid.product;
  const patience = { left: limit };
  let count = 0;
  for (let index = 0; index < grid.product; ) {
    const found = nextPoint(grid, index, patience);
    if (found === 'tired' || count >= limit) return null;
    if (found === undefined) break;
    count += 1;
    index = found.index + 1;
  }
  return count;
}
