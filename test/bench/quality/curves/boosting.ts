/** Gradient boosting of regression trees on Friedman's first function (1991). Its validation error after each rung of trees. */
import { Draws } from './draws.js';

export const treesPerRung = 4;
const features = 10;
/** Features are uniform on [0, 1), so equal bins hold about as many rows each. */
const bins = 24;

export interface Rows {
  /** Bin of each feature, one row after the other. */
  readonly bins: Uint8Array;
  readonly y: Float64Array;
  readonly count: number;
}

export function friedman(count: number, seed: number): Rows {
  const draws = new Draws(seed);
  const x = Float64Array.from({ length: count * features }, () => draws.uniform());
  const y = Float64Array.from({ length: count }, (_, row) => {
    const [a, b, c, d, e] = x.subarray(row * features, row * features + 5) as unknown as [number, number, number, number, number];
    return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + 2 * draws.normal();
  });
  return { bins: Uint8Array.from(x, (value) => Math.floor(value * bins)), y, count };
}

export interface BoostingSettings {
  readonly rate: number;
  readonly depth: number;
  readonly leaf: number;
  /** Shares of the rows and of the features that a tree sees. */
  readonly rows: number;
  readonly columns: number;
}

export function boostingCurve(
  settings: BoostingSettings,
  data: { readonly train: Rows; readonly test: Rows },
  rungs: number,
  seed: number,
): number[] {
  const { train, test } = data;
  const draws = new Draws(seed);
  const base = train.y.reduce((a, b) => a + b, 0) / train.count;
  const [fitted, predicted] = [train, test].map(({ count }) => new Float64Array(count).fill(base)) as [Float64Array, Float64Array];
  return Array.from({ length: rungs }, () => {
    for (let tree = 0; tree < treesPerRung; tree += 1) {
      const residuals = train.y.map((value, row) => value - fitted[row]!);
      const root = grown(train, residuals, settings, draws);
      add(fitted, root, train, settings.rate);
      add(predicted, root, test, settings.rate);
    }
    const error = test.y.reduce((sum, value, row) => sum + (value - predicted[row]!) ** 2, 0);
    return Math.sqrt(error / test.count);
  });
}

type Node = { readonly mean: number } | { readonly feature: number; readonly upTo: number; readonly low: Node; readonly high: Node };

function grown(train: Rows, residuals: Float64Array, settings: BoostingSettings, draws: Draws): Node {
  const seen = draws.permutation(train.count).subarray(0, Math.round(settings.rows * train.count));
  const columns = draws.permutation(features).subarray(0, Math.max(1, Math.round(settings.columns * features)));
  const grow = (rows: Uint16Array, depth: number): Node => {
    const sum = rows.reduce((total, row) => total + residuals[row]!, 0);
    const cut = depth === 0 ? undefined : bestCut({ train, residuals, rows, sum }, columns, settings.leaf);
    if (cut === undefined) return { mean: rows.length === 0 ? 0 : sum / rows.length };
    const isLow = (row: number): boolean => train.bins[row * features + cut.feature]! <= cut.upTo;
    return {
      ...cut,
      low: grow(rows.filter(isLow), depth - 1),
      high: grow(
        rows.filter((row) => !isLow(row)),
        depth - 1,
      ),
    };
  };
  return grow(seen, settings.depth);
}

interface Part {
  readonly train: Rows;
  readonly residuals: Float64Array;
  readonly rows: Uint16Array;
  readonly sum: number;
}

/** The cut that lowers the squared error most; undefined if none leaves enough rows on both sides. */
function bestCut({ train, residuals, rows, sum }: Part, columns: Uint16Array, leaf: number): { feature: number; upTo: number } | undefined {
  let best: { feature: number; upTo: number } | undefined;
  let most = sum ** 2 / rows.length + 1e-12;
  for (const feature of columns) {
    const [sums, counts] = [new Float64Array(bins), new Uint16Array(bins)];
    for (const row of rows) {
      const bin = train.bins[row * features + feature]!;
      sums[bin] = sums[bin]! + residuals[row]!;
      counts[bin] = counts[bin]! + 1;
    }
    let [low, count] = [0, 0];
    for (let upTo = 0; upTo < bins - 1; upTo += 1) {
      low += sums[upTo]!;
      count += counts[upTo]!;
      if (count < leaf || rows.length - count < leaf) continue;
      const gain = low ** 2 / count + (sum - low) ** 2 / (rows.length - count);
      if (gain > most) [most, best] = [gain, { feature, upTo }];
    }
  }
  return best;
}

function add(to: Float64Array, root: Node, data: Rows, rate: number): void {
  for (let row = 0; row < data.count; row += 1) {
    let node = root;
    while (!('mean' in node)) node = data.bins[row * features + node.feature]! <= node.upTo ? node.low : node.high;
    to[row] = to[row]! + rate * node.mean;
  }
}
