/**
 * Blocks S and R: public functions on boxes, exact or with Gaussian noise.
 *
 * Box, optimum and median of each function are constants here, so that a run does not need the scan; the scan gives the ranks.
 */
import { numeric } from '@sweep/optimizer';
import { gaussian } from '../noise.js';
import { ackley, branin, ellipsoid, hartmann6, levy, rastrigin, stepRosenbrock } from './formulas.js';
import type { Setting, TaskParameter } from './parameter.js';
import { scanPoints, scanSize } from './scan.js';
import { type Landscape, landscapeOf, once, type Task } from './task.js';

export interface TestFunction {
  readonly name: string;
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly at: (x: readonly number[]) => number;
  readonly best: number;
  /** Over the points of the scan. */
  readonly median: number;
}

const cube = (dimensions: number, from: number, to: number) => ({
  low: Array<number>(dimensions).fill(from),
  high: Array<number>(dimensions).fill(to),
});

const levyShift = [
  -4.919945395942328, -1.1411744911491528, -4.1747938439136325, -0.020984142372380887, -0.5125436654357536, 2.054283434253289,
  -2.0221151279950513, 1.2126469056219964,
];
const ellipsoidShift = [
  -0.9059814781594699, 0.7404537915381484, 1.8986421846503099, 3.879409826053524, 2.737964861025363, -0.80335606204362, 2.634387190301908,
  -0.17249255879787473, -0.8770892881786025, -3.41249700593257, -3.8867802911519087, -1.8267470305984226, 3.18383467957303,
  0.7557175286313402, 1.1299399206754517, -3.626195226198659, -1.5980389911771873, -2.5988995228411165, -2.1631067033949476,
  3.6077248206161663,
];
const rastriginShift = [1.7947060590805775, -2.7695284826532607, -0.5017810267913045, 1.4870911009576684, 0.10756581577114321];
const ackleyShift = [
  -3.1107602101229297, 9.182382643181157, 10.099304756404575, -3.7953721599064476, -10.480210053966125, -2.8811475091719334,
  -7.758359458311935, -13.609470943603654, 6.052392748240493, -5.345744177195577,
];

export const smoothFunctions: readonly TestFunction[] = [
  { name: 'S_branin2', low: [-5, 0], high: [10, 15], at: branin, best: 0.39788735772973816, median: 35.118761534954 },
  { name: 'S_hartmann6', ...cube(6, 0, 1), at: hartmann6, best: -3.322368011415515, median: -0.10467806573749128 },
  { name: 'S_levy8', ...cube(8, -10, 10), at: (x) => levy(x, levyShift), best: 0, median: 101.64651724532763 },
  { name: 'S_ellipsoid20', ...cube(20, -5, 5), at: (x) => ellipsoid(x, ellipsoidShift), best: 0, median: 6863.91870858032 },
];

export const roughFunctions: readonly TestFunction[] = [
  { name: 'R_rastrigin5', ...cube(5, -5.12, 5.12), at: (x) => rastrigin(x, rastriginShift), best: 0, median: 104.83826516264432 },
  { name: 'R_ackley10', ...cube(10, -32.768, 32.768), at: (x) => ackley(x, ackleyShift), best: 0, median: 21.32384382599905 },
  { name: 'R_steprosenbrock5', ...cube(5, -2, 2), at: stepRosenbrock, best: 0, median: 1535.28 },
];

/** The exact functions of S and R: those on which regret is compared. */
export const exactFunctions = [...smoothFunctions, ...roughFunctions].map(({ name }) => name);

export function functionTasks(): readonly Task[] {
  const smooth = smoothFunctions.flatMap((target) => {
    const landscape = once(() => scanned(target));
    return [functionTask({ target, block: 'S', noise: 0, landscape }), functionTask({ target, block: 'S', noise: 0.05, landscape })];
  });
  const rough = roughFunctions.map((target) => functionTask({ target, block: 'R', noise: 0, landscape: once(() => scanned(target)) }));
  return [...smooth, ...rough];
}

interface Recipe {
  readonly target: TestFunction;
  readonly block: 'S' | 'R';
  /** Standard deviation as a share of the distance from best to median. */
  readonly noise: number;
  readonly landscape: () => Landscape;
}

function functionTask({ target, block, noise, landscape }: Recipe): Task {
  const parameters = target.low.map(
    (min, index): TaskParameter => ({ name: `x${index}`, kind: 'float', min, max: target.high[index]!, log: false }),
  );
  const trueLoss = (setting: Setting): number => target.at(setting.map((value) => numeric(value)!));
  return {
    name: noise === 0 ? target.name : `${target.name}_noisy`,
    block,
    parameters,
    metric: 'loss',
    goal: 'minimize',
    trueLoss,
    observe: (setting, u) => trueLoss(setting) + (noise === 0 ? 0 : noise * (target.median - target.best) * gaussian(u)),
    landscape,
  };
}

/** The function at every point of the scan. */
export function scanned({ low, high, at, best }: Omit<TestFunction, 'median'>): Landscape {
  const points = scanPoints(low.length);
  const losses = new Float64Array(scanSize);
  for (let row = 0; row < scanSize; row += 1) {
    losses[row] = at(low.map((from, i) => from + points[row * low.length + i]! * (high[i]! - from)));
  }
  return landscapeOf(losses, best);
}
