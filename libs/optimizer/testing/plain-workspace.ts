/** The kernel in plain loops: slow, easy to check by reading. The oracle of the compiled one. */

import { blockSize, type Shape, type Workspace } from '../src/gp/workspace.js';
import { exp } from '../src/math/elementary.js';

const sqrt5 = Math.sqrt(5);

export function plainWorkspace(shape: Shape): Workspace {
  const { capacity: N, numeric, categorical } = shape;
  const D = numeric + categorical;
  const rows = new Float64Array(D * N);
  const weights = new Float64Array(D);
  const noise = new Float64Array(N);
  const vector = new Float64Array(N);
  // Upper factor, row-major: U = L'.
  const U = new Float64Array(N * N);
  const candidates = new Float64Array(D * blockSize);
  const means = new Float64Array(blockSize);
  const variances = new Float64Array(blockSize);
  const meanSlopes = new Float64Array(numeric * blockSize);
  const varianceSlopes = new Float64Array(numeric * blockSize);
  const distance = (i: number, j: number): number => {
    let sum = 0;
    for (let d = 0; d < D; d++) {
      const delta = rows[d * N + i]! - rows[d * N + j]!;
      sum += weights[d]! * (d < numeric ? delta * delta : delta === 0 ? 0 : 1);
    }
    return Math.sqrt(sum);
  };
  const covariance = (r: number): number => {
    const z = sqrt5 * r;
    return (1 + z + z * z * (1 / 3)) * exp(-z);
  };
  /** −∂k/∂(r²) · 2 … : dk/dlog l_d = q · w_d · δ². */
  const slope = (r: number): number => {
    const z = sqrt5 * r;
    return (5 / 3) * (1 + z) * exp(-z);
  };
  const forward = (from: number, count: number, b: Float64Array): void => {
    for (let i = from; i < count; i++) {
      let sum = b[i]!;
      for (let k = 0; k < i; k++) sum -= U[k * N + i]! * b[k]!;
      b[i] = sum / U[i * N + i]!;
    }
  };
  const backward = (count: number, b: Float64Array): void => {
    for (let i = count - 1; i >= 0; i--) {
      let sum = b[i]!;
      for (let k = count - 1; k > i; k--) sum -= U[i * N + k]! * b[k]!;
      b[i] = sum / U[i * N + i]!;
    }
  };
  const inverse = (count: number): Float64Array => {
    const out = new Float64Array(count * count);
    const column = new Float64Array(count);
    for (let c = 0; c < count; c++) {
      column.fill(0);
      column[c] = 1;
      forward(0, count, column);
      backward(count, column);
      for (let i = 0; i < count; i++) out[i * count + c] = column[i]!;
    }
    return out;
  };
  return {
    shape,
    rows,
    weights,
    noise,
    vector,
    candidates,
    means,
    variances,
    meanSlopes,
    varianceSlopes,
    factor(from, count, variance) {
      for (let j = from; j < count; j++) {
        for (let i = 0; i <= j; i++) {
          let sum = variance * covariance(distance(i, j)) + (i === j ? noise[i]! : 0);
          for (let k = 0; k < i; k++) sum -= U[k * N + i]! * U[k * N + j]!;
          if (i < j) U[i * N + j] = sum / U[i * N + i]!;
          else if (sum > 0) U[j * N + j] = Math.sqrt(sum);
          else return j;
        }
      }
      return count;
    },
    pivot: (row) => U[row * N + row]!,
    solve(count) {
      forward(0, count, vector);
      backward(count, vector);
    },
    forward: (from, count) => forward(from, count, vector),
    gradient(count, variance, into) {
      const K = inverse(count);
      into.fill(0);
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < count; j++) {
          const w = K[i * count + j]! - vector[i]! * vector[j]!;
          const r = distance(i, j);
          const q = w * variance * slope(r);
          for (let d = 0; d < D; d++) {
            const delta = rows[d * N + i]! - rows[d * N + j]!;
            into[d]! += q * weights[d]! * (d < numeric ? delta * delta : delta === 0 ? 0 : 1);
          }
          into[D]! += w * variance * covariance(r);
          if (i === j) into[D + 1]! += w * noise[i]!;
        }
      }
    },
    inverseDiagonal(count, into) {
      const K = inverse(count);
      for (let i = 0; i < count; i++) into[i] = K[i * count + i]!;
    },
    predict(count, variance, many, slopes) {
      const v = new Float64Array(count);
      const r = new Float64Array(count);
      for (let c = 0; c < many; c++) {
        let mean = 0;
        for (let i = 0; i < count; i++) {
          let sum = 0;
          for (let d = 0; d < D; d++) {
            const delta = candidates[d * blockSize + c]! - rows[d * N + i]!;
            sum += weights[d]! * (d < numeric ? delta * delta : delta === 0 ? 0 : 1);
          }
          r[i] = Math.sqrt(sum);
          v[i] = variance * covariance(r[i]!);
          mean += vector[i]! * v[i]!;
        }
        forward(0, count, v);
        let explained = 0;
        for (let i = 0; i < count; i++) explained += v[i]! * v[i]!;
        means[c] = mean;
        variances[c] = Math.max(0, variance - explained);
        if (!slopes) continue;
        backward(count, v);
        for (let d = 0; d < numeric; d++) {
          let meanSlope = 0;
          let varianceSlope = 0;
          for (let i = 0; i < count; i++) {
            const dk = -variance * slope(r[i]!) * weights[d]! * (candidates[d * blockSize + c]! - rows[d * N + i]!);
            meanSlope += vector[i]! * dk;
            varianceSlope -= 2 * v[i]! * dk;
          }
          meanSlopes[d * blockSize + c] = meanSlope;
          varianceSlopes[d * blockSize + c] = varianceSlope;
        }
      }
    },
  };
}
