/** The kernel as it runs: WebAssembly with SIMD, one instance and one memory a workspace. The sources are in assembly/. */
import { kernelBase64 } from './gen/kernel.wasm.js';
import { compileModule, type WasmGlobal, type WasmMemory, type WasmModule } from './webassembly.js';
import { blockSize, type Shape, type Workspace } from './workspace.js';

type ArrayName =
  | 'rows'
  | 'weights'
  | 'noise'
  | 'vector'
  | 'candidates'
  | 'means'
  | 'variances'
  | 'meanSlopes'
  | 'varianceSlopes'
  | 'answer'
  | 'upper';

/** What the module exports; the globals hold addresses in bytes, known after `layOut`. */
type Kernel = Readonly<Record<ArrayName, WasmGlobal>> & {
  readonly memory: WasmMemory;
  /** Bytes from one row of `upper` to the next. */
  readonly pitch: WasmGlobal;
  layOut(capacity: number, numeric: number, categorical: number): number;
  factor(from: number, count: number, variance: number): number;
  solve(count: number): void;
  forward(from: number, count: number): void;
  gradient(count: number, variance: number): void;
  inverseDiagonal(count: number): void;
  predict(count: number, variance: number, many: number, slopes: number): void;
};

const pageBytes = 65536;

let compiled: WasmModule | undefined;

/** About 17 bytes · capacity² of memory and 3 MiB, half of it untouched until a gradient or a prediction is asked for. */
export function openWorkspace(shape: Shape): Workspace {
  compiled ??= compileModule(kernelBase64);
  const kernel = compiled.instantiate() as Kernel;
  const { capacity, numeric, categorical } = shape;
  const dimensions = numeric + categorical;
  const bytes = kernel.layOut(capacity, numeric, categorical);
  // Once and for all: growing later would detach the views.
  kernel.memory.grow(Math.ceil(bytes / pageBytes));
  const view = (name: ArrayName, length: number): Float64Array => new Float64Array(kernel.memory.buffer, kernel[name].value, length);
  const step = kernel.pitch.value / 8;
  const upper = view('upper', capacity * step);
  const answer = view('answer', Math.max(capacity, dimensions + 2));
  return {
    shape,
    rows: view('rows', dimensions * capacity),
    weights: view('weights', dimensions),
    noise: view('noise', capacity),
    vector: view('vector', capacity),
    candidates: view('candidates', dimensions * blockSize),
    means: view('means', blockSize),
    variances: view('variances', blockSize),
    meanSlopes: view('meanSlopes', numeric * blockSize),
    varianceSlopes: view('varianceSlopes', numeric * blockSize),
    factor: (from, count, variance) => kernel.factor(from, count, variance),
    pivot: (row) => upper[row * (step + 1)]!,
    solve: (count) => kernel.solve(count),
    forward: (from, count) => kernel.forward(from, count),
    gradient(count, variance, into) {
      kernel.gradient(count, variance);
      into.set(answer.subarray(0, dimensions + 2));
    },
    inverseDiagonal(count, into) {
      kernel.inverseDiagonal(count);
      into.set(answer.subarray(0, count));
    },
    predict: (count, variance, many, slopes) => kernel.predict(count, variance, many, slopes ? 1 : 0),
  };
}
