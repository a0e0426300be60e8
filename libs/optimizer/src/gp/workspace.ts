/**
 * The seam of the numerical kernel: everything of a Gaussian process that costs more than O(n) lies behind it.
 *
 * Covariance between rows a and b: variance · M52(r), with r² = Σ over numeric d of weights[d] · (a_d − b_d)² + Σ over categorical d
 * of weights[d] · [a_d ≠ b_d] and M52(r) = (1 + z + z²/3) · exp(−z), z = √5 · r. The diagonal adds `noise` of the row.
 *
 * Sums run in a fixed order (ascending rows), so that rows appended to a factor give, bit for bit, the factor made from scratch.
 */

/** How many candidates are judged in one go. */
export const blockSize = 64;

export interface Shape {
  /** Most rows. */
  readonly capacity: number;
  /** Dimensions with a squared distance; they come first. */
  readonly numeric: number;
  /** Dimensions that count whether two values differ. */
  readonly categorical: number;
}

/** All arrays are views on the workspace's memory; they keep their identity and may be written between calls. */
export interface Workspace {
  readonly shape: Shape;
  /** Coordinate d of row i at `d * capacity + i`. */
  readonly rows: Float64Array;
  /** 1/l² of each dimension. */
  readonly weights: Float64Array;
  /** Variance of the noise of each row, jitter included; > 0. */
  readonly noise: Float64Array;
  /** Right-hand sides and solutions of `solve`, one number a row. */
  readonly vector: Float64Array;

  /**
   * Factors the covariance of rows 0 … count−1; the factor of rows 0 … from−1 is kept as it is.
   *
   * @returns `count`, or the first row whose pivot is not positive (then only the rows before it are factored)
   */
  factor(from: number, count: number, variance: number): number;
  /** Pivot of the row: L_ii, whose logarithms sum up to half the log determinant. */
  pivot(row: number): number;
  /** `vector` ← K⁻¹ · `vector` over the first `count` rows. */
  solve(count: number): void;
  /** `vector` ← L⁻¹ · `vector` from row `from` on, given that those before have been solved. */
  forward(from: number, count: number): void;

  /**
   * With W = K⁻¹ − αα' over the first `count` rows, α given in `vector`:
   * Σ_ij W_ij · ∂K_ij/∂log l_d for each dimension, then Σ_ij W_ij · K_ij without noise, then Σ_i W_ii · noise_i.
   * Overwrites scratch, not the factor. Rows, weights and variance are those of the factor; only the noise may have changed.
   *
   * @param into length = dimensions + 2
   */
  gradient(count: number, variance: number, into: Float64Array): void;
  /** Diagonal of K⁻¹ over the first `count` rows (for leave-one-out), into `into`. */
  inverseDiagonal(count: number, into: Float64Array): void;

  /** Coordinate d of candidate c at `d * blockSize + c`. */
  readonly candidates: Float64Array;
  /** Of the candidates: Σ_i α_i k_i, without the mean function. */
  readonly means: Float64Array;
  /** Of the candidates, without noise; ≥ 0. */
  readonly variances: Float64Array;
  /** By numeric dimension d and candidate c, at `d * blockSize + c`. */
  readonly meanSlopes: Float64Array;
  readonly varianceSlopes: Float64Array;

  /**
   * Posterior at the first `many` candidates from the first `count` rows, α given in `vector`.
   *
   * @param slopes whether the slopes are wanted too
   */
  predict(count: number, variance: number, many: number, slopes: boolean): void;
}
