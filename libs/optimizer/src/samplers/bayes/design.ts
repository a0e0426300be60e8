/** Where a search looks before it knows anything: the centre, then points of a Sobol sequence that use every category alike. */
import type { Cube, Vector } from '../../encoding/cube.js';
import { scramble, sobolDimensions, sobolWord } from '../../math/sobol.js';
import type { Random } from '../../rng.js';
import { streams } from '../streams.js';

/** How many points: one more than there are dimensions, five to ten, two more for many categories. */
export function designSize(cube: Cube): number {
  const categories = cube.axes.filter(({ kind }) => kind === 'category').length;
  return Math.min(10, Math.max(5, cube.axes.length + 1)) + (categories >= 3 ? 2 : 0);
}

/** The point with this index; any index is fine. Not settled. */
export function designPoint(cube: Cube, random: Random, index: number): Vector {
  const vector = new Float64Array(cube.length);
  const size = designSize(cube);
  for (const [number, axis] of cube.axes.entries()) {
    if (index === 0) vector[axis.at] = axis.centre;
    else {
      const share = shareAt(random, index, number);
      const balanced = axis.kind === 'category' && index < size ? balancedShare(random, { index, axis: number, size }) : share;
      vector[axis.at] = axis.count === Number.POSITIVE_INFINITY ? share : axis.draw(balanced);
    }
  }
  return vector;
}

function shareAt(random: Random, index: number, axis: number): number {
  if (axis >= sobolDimensions) return random.uniform(index, streams.designBeyondSobol, axis);
  return (scramble(sobolWord(index, axis), random.word(0, streams.design, axis)) + 0.5) / 2 ** 32;
}

/** The rank of the coordinate among the whole design, as a share: so each level appears as often as any other, give or take one. */
function balancedShare(random: Random, { index, axis, size }: { index: number; axis: number; size: number }): number {
  const own = shareAt(random, index, axis);
  let rank = 0;
  for (let other = 1; other < size; other += 1) if (shareAt(random, other, axis) < own) rank += 1;
  return (rank + 0.5) / (size - 1);
}
