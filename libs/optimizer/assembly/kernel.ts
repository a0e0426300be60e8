/**
 * The numerical kernel of the Gaussian process, compiled to WebAssembly. src/gp/workspace.ts says what each routine does;
 * src/gp/wasm-workspace.ts calls them. Build: `npm run gen`.
 */

import { vector } from './layout';
import { backward, forward as forwardOne } from './triangular';

export { factor } from './factor';
export { gradient, inverseDiagonal } from './inverse';
export {
  answer,
  candidates,
  layOut,
  meanSlopes,
  means,
  noise,
  pitch,
  rows,
  upper,
  varianceSlopes,
  variances,
  vector,
  weights,
} from './layout';
export { predict } from './predict';

export function forward(from: i32, count: i32): void {
  forwardOne(vector, from, count);
}

export function solve(count: i32): void {
  forwardOne(vector, 0, count);
  backward(vector, count);
}
