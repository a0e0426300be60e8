/**
 * A Gaussian process conditioned on rows: what it expects where nothing has been tried, and what it would expect if the points under
 * way came out as it thinks.
 */
import type { Vector } from '../encoding/cube.js';
import type { Conditioned, Rows, Theta } from './fit.js';
import { condition } from './fit.js';
import { blockSize, type Workspace } from './workspace.js';

export function place(workspace: Workspace, vectors: readonly Vector[], from = 0): void {
  const { capacity } = workspace.shape;
  for (const [index, vector] of vectors.entries()) {
    for (let d = 0; d < vector.length; d += 1) workspace.rows[d * capacity + from + index] = vector[d]!;
  }
}

export interface Belief {
  readonly mean: number;
  readonly variance: number;
}

export class Surrogate {
  /** Rows and points under way. */
  #count: number;

  private constructor(
    private readonly workspace: Workspace,
    private readonly rows: Rows,
    private readonly conditioned: Conditioned,
  ) {
    this.#count = rows.count;
  }

  /** The rows are in the workspace. Undefined if no jitter makes their covariance positive. */
  static of(workspace: Workspace, rows: Rows, theta: Theta): Surrogate | undefined {
    const conditioned = condition(workspace, rows, theta);
    return conditioned === undefined ? undefined : new Surrogate(workspace, rows, conditioned);
  }

  /** Posterior mean at each row: K·α = y − m − noise·α. */
  means(): Float64Array {
    const { targets, count } = this.rows;
    return Float64Array.from({ length: count }, (_, i) => targets[i]! - this.workspace.noise[i]! * this.workspace.vector[i]!);
  }

  /**
   * Points under way are taken to come out at their mean: that leaves the mean as it is, and shrinks the variance around them.
   * Ginsbourger, Le Riche and Carraro, "Kriging is well-suited to parallelize optimization" (2010).
   */
  believe(vectors: readonly Vector[]): void {
    const { workspace } = this;
    const from = this.#count;
    place(workspace, vectors, from);
    const noise = Math.min(...workspace.noise.subarray(0, this.rows.count));
    for (let i = 0; i < vectors.length; i += 1) {
      workspace.noise[from + i] = noise;
      workspace.vector[from + i] = 0;
    }
    // A pivot that is not positive means that the point is known already.
    this.#count = workspace.factor(from, from + vectors.length, this.conditioned.variance);
  }

  /** `see` gets the index of each vector and what is believed there; slopes, if wanted, are read from the workspace at `slot`. */
  each(vectors: readonly Vector[], slopes: boolean, see: (index: number, belief: Belief, slot: number) => void): void {
    const { workspace, conditioned } = this;
    for (let start = 0; start < vectors.length; start += blockSize) {
      const many = Math.min(blockSize, vectors.length - start);
      for (let slot = 0; slot < many; slot += 1) {
        const vector = vectors[start + slot]!;
        for (let d = 0; d < vector.length; d += 1) workspace.candidates[d * blockSize + slot] = vector[d]!;
      }
      workspace.predict(this.#count, conditioned.variance, many, slopes);
      for (let slot = 0; slot < many; slot += 1) {
        see(start + slot, { mean: conditioned.mean + workspace.means[slot]!, variance: workspace.variances[slot]! }, slot);
      }
    }
  }

  at(vector: Vector): Belief {
    let found: Belief | undefined;
    this.each([vector], false, (_, belief) => {
      found = belief;
    });
    return found!;
  }

  meanSlope(d: number, slot: number): number {
    return this.workspace.meanSlopes[d * blockSize + slot]!;
  }

  varianceSlope(d: number, slot: number): number {
    return this.workspace.varianceSlopes[d * blockSize + slot]!;
  }
}
