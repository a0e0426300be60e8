/**
 * The hyperparameters that explain the rows best: maximum a posteriori by gradient, from several starts or from one.
 *
 * A vector of hyperparameters holds the logarithm of each length-scale, then of the noise's variance, then of the function's.
 * Rasmussen and Williams, "Gaussian Processes for Machine Learning" (2006), section 5.4.1; the constant mean has the prior N(0, 1)
 * and is profiled out.
 */
import { exp, log } from '../math/elementary.js';
import { type Box, type Minimum, minimize, type Smooth } from '../math/lbfgs.js';
import { categoryBounds, type Hypothesis, type LogNormal, lengthBounds, noiseBounds, scaleBounds } from './hypothesis.js';
import type { Workspace } from './workspace.js';

/** Added to the diagonal, times the function's variance. */
export const jitter = 1e-8;

export interface Rows {
  readonly count: number;
  /** Standardised; smaller is better. */
  readonly targets: Float64Array;
  /** How many results each row averages. */
  readonly repeats: Float64Array;
  /** Variance of each row beyond the common noise, e.g. of a trial that was stopped early. */
  readonly extra: Float64Array;
}

export interface Theta {
  /** The logarithms, in the order above. */
  readonly logs: Float64Array;
  /** Mean coordinates that a typical point has: the D of the priors. */
  readonly dimension: number;
}

/** Variance of the noise. */
export const noiseOf = ({ logs }: Theta): number => exp(logs[logs.length - 2]!);

/** What the workspace holds after `condition`: the factor, and α = K⁻¹(y − m) in `vector`. */
export interface Conditioned {
  readonly mean: number;
  readonly variance: number;
  /** Half of (y − m)ᵀα + m², plus half the log determinant. */
  readonly loss: number;
}

/** Puts the hyperparameters into the workspace, whose rows are in place, and factors. Undefined if the matrix is not positive. */
export function condition(workspace: Workspace, rows: Rows, theta: Theta): Conditioned | undefined {
  const { count, targets, repeats, extra } = rows;
  const dimensions = workspace.weights.length;
  for (let d = 0; d < dimensions; d += 1) workspace.weights[d] = exp(-2 * theta.logs[d]!);
  const noise = exp(theta.logs[dimensions]!);
  const variance = exp(theta.logs[dimensions + 1]!);
  for (const step of [jitter, 1e-6, 1e-5, 1e-4, 1e-3]) {
    for (let i = 0; i < count; i += 1) workspace.noise[i] = noise / repeats[i]! + extra[i]! + step * variance;
    if (workspace.factor(0, count, variance) === count) return solved(workspace, targets, count, variance);
  }
  return undefined;
}

function solved(workspace: Workspace, targets: Float64Array, count: number, variance: number): Conditioned {
  const { vector } = workspace;
  vector.fill(1, 0, count);
  workspace.solve(count);
  let ones = 0;
  let along = 0;
  for (let i = 0; i < count; i += 1) {
    ones += vector[i]!;
    along += vector[i]! * targets[i]!;
  }
  const mean = along / (ones + 1);
  for (let i = 0; i < count; i += 1) vector[i] = targets[i]! - mean;
  workspace.solve(count);
  let loss = mean * mean;
  for (let i = 0; i < count; i += 1) loss += (targets[i]! - mean) * vector[i]!;
  loss /= 2;
  for (let i = 0; i < count; i += 1) loss += log(workspace.pivot(i));
  return { mean, variance, loss };
}

export interface Problem {
  readonly workspace: Workspace;
  readonly rows: Rows;
  readonly hypothesis: Hypothesis;
  readonly dimension: number;
}

const mostIterations = 50;
const warmIterations = 15;

/** From each start; the best end wins. */
export function fitFrom(problem: Problem, starts: readonly Float64Array[], warm: boolean): Theta {
  const box = boundsOf(problem.workspace);
  const smooth: Smooth = (x, gradient, wanted) => negativeLogPosterior(problem, x, gradient, wanted);
  let best: Minimum | undefined;
  for (const start of starts) {
    const end = minimize(smooth, start, box, warm ? warmIterations : mostIterations);
    if (best === undefined || end.value < best.value) best = end;
  }
  return { logs: best!.x, dimension: problem.dimension };
}

/** @param wanted whether the gradient, the larger part of the work, is to be written, given the value */
export function negativeLogPosterior(
  { workspace, rows, hypothesis, dimension }: Problem,
  logs: Float64Array,
  gradient: Float64Array,
  wanted: (value: number) => boolean = () => true,
): number {
  const conditioned = condition(workspace, rows, { logs, dimension });
  if (conditioned === undefined) return Number.POSITIVE_INFINITY;
  const priors = priorsOf(workspace, hypothesis, dimension);
  let value = conditioned.loss;
  for (const [index, prior] of priors.entries()) {
    const off = logs[index]! - prior.mean;
    value += (off * off) / (2 * prior.variance);
  }
  if (!wanted(value)) return value;
  const noise = exp(logs[logs.length - 2]!);
  // Only this part of the diagonal moves with the noise.
  for (let i = 0; i < rows.count; i += 1) workspace.noise[i] = noise / rows.repeats[i]!;
  workspace.gradient(rows.count, conditioned.variance, gradient);
  // The kernel has the noise last, hyperparameters have the function's variance last.
  const [byScale, byNoise] = gradient.subarray(-2);
  gradient.set([byNoise!, byScale!], gradient.length - 2);
  // The kernel gives Σ W·∂K; the gradient of the loss is half of it.
  for (const index of gradient.keys()) gradient[index]! /= 2;
  for (const [index, prior] of priors.entries()) gradient[index]! += (logs[index]! - prior.mean) / prior.variance;
  return value;
}

export function priorsOf({ shape }: Workspace, { length, noise, scale }: Hypothesis, dimension: number): readonly LogNormal[] {
  const half = 0.5 * log(dimension);
  return [
    ...Array.from({ length: shape.numeric }, () => ({ mean: length.mean + half, variance: length.variance })),
    ...Array.from({ length: shape.categorical }, () => ({ mean: half, variance: 1 })),
    noise,
    scale,
  ];
}

/** Middling length-scales: where a fit may begin. */
export function startFor({ shape }: Workspace, dimension: number, noise: number): Float64Array {
  const half = 0.5 * log(dimension);
  return Float64Array.from([
    ...new Array<number>(shape.numeric).fill(log(0.5) + half),
    ...new Array<number>(shape.categorical).fill(half),
    noise,
    0,
  ]);
}

function boundsOf({ shape }: Workspace): Box {
  const bounds = [
    ...Array.from({ length: shape.numeric }, () => lengthBounds),
    ...Array.from({ length: shape.categorical }, () => categoryBounds),
    noiseBounds,
    scaleBounds,
  ];
  return { lower: Float64Array.from(bounds, ([low]) => low), upper: Float64Array.from(bounds, ([, high]) => high) };
}
