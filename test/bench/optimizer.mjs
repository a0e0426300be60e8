/** The optimizer's numerical kernel on one core: the best of many runs, since a shared machine only ever adds time. From `dist`. */
import { join } from 'node:path';
import { root } from './system.mjs';

const dimensions = { numeric: 6, categorical: 2 };
const candidates = 64;

/** A fixed problem: the spread of the numbers matters to nothing but the sign of the pivots. */
function fill({ shape, rows, weights, noise, vector, candidates: at }) {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const boundary = shape.numeric * shape.capacity;
  for (let i = 0; i < rows.length; i += 1) rows[i] = i < boundary ? next() : Math.floor(next() * 3);
  for (let i = 0; i < at.length; i += 1) at[i] = next();
  weights.fill(4);
  noise.fill(1e-3);
  vector.fill(0.1);
}

function bestMs(runs, work) {
  const times = Array.from({ length: runs }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
  return Math.min(...times);
}

export async function optimizer() {
  const { openWorkspace } = await import(join(root, 'libs/optimizer/dist/gp/wasm-workspace.js'));
  const result = {};
  for (const n of [100, 400, 1000]) {
    const workspace = openWorkspace({ capacity: n, ...dimensions });
    fill(workspace);
    const slopes = new Float64Array(dimensions.numeric + dimensions.categorical + 2);
    const runs = Math.ceil(20_000 / n);
    const factorMs = bestMs(runs, () => workspace.factor(0, n, 1));
    const put = (what, value, digits = 2) => {
      result[`n = ${n}: ${what}`] = value.toFixed(digits);
    };
    put('covariance and Cholesky factor (ms)', factorMs);
    put('the same (GFlop/s, n³/3)', n ** 3 / 3e6 / factorMs, 1);
    put(
      'append one row (ms)',
      bestMs(runs, () => workspace.factor(n - 1, n, 1)),
      3,
    );
    put(
      'gradient of the likelihood (ms)',
      bestMs(runs, () => workspace.gradient(n, 1, slopes)),
    );
    put(
      `predict ${candidates} (ms)`,
      bestMs(runs, () => workspace.predict(n, 1, candidates, false)),
    );
    put(
      `predict ${candidates} with slopes (ms)`,
      bestMs(runs, () => workspace.predict(n, 1, candidates, true)),
    );
  }
  return result;
}
