/**
 * Where everything lies in the memory of one workspace, and the sizes that all routines need.
 *
 * Addresses are in bytes, from 16 on (0 means "none"). The memory is sized once, when the workspace is opened.
 */

/** Rows of a panel: a panel tile (64 × 4 numbers, 2 KiB) and a few others stay in the first-level cache. */
export const panelRows: i32 = 64;
/** Bytes of a panel tile: `panelRows` rows of four neighbouring columns, row after row. */
export const tileBytes: usize = 64 * 32;
/** As `blockSize` in workspace.ts. */
export const blockSize: i32 = 64;

export let capacity: i32 = 0;
export let numeric: i32 = 0;
export let dimensions: i32 = 0;
/** Bytes from one row of a matrix to the next. */
export let pitch: usize = 0;
/** Bytes from one tile of four candidates to the next in `solution` and `slopeFactors`. */
export let candidatePitch: usize = 0;

// What the caller reads and writes; see Workspace.
export let rows: usize = 0;
export let weights: usize = 0;
export let noise: usize = 0;
export let vector: usize = 0;
export let candidates: usize = 0;
export let means: usize = 0;
export let variances: usize = 0;
export let meanSlopes: usize = 0;
export let varianceSlopes: usize = 0;
/** What `gradient` and `inverseDiagonal` answer. */
export let answer: usize = 0;

/** The factor U = L', row-major; below its diagonal nothing of meaning. */
export let upper: usize = 0;
/** −K⁻¹ on and above the diagonal; while it is made, the inverse of L below. */
export let inverted: usize = 0;
/** Of one row or column: covariances, and covariances times weight. */
export let column: usize = 0;
export let column2: usize = 0;
/** Two numbers a dimension: partial sums of the gradient. */
export let partial: usize = 0;
/** A panel, tile after tile. */
export let panel: usize = 0;
/** The tiles on the diagonal of the factor's panel, and one tile for what lies beyond. */
export let diagonal: usize = 0;
export let single: usize = 0;
/** Cross covariances, then L⁻¹ of them, then K⁻¹ of them: tiles of four candidates. */
export let solution: usize = 0;
/** −∂k/∂(r²)·2 of the candidates, as `solution`. */
export let slopeFactors: usize = 0;

/** Covariances and their slopes of at most so many rows are kept from the factor, which every gradient needs again. */
const keptMost: i32 = 400;
/** Rows that may be kept. */
export let keepable: i32 = 0;
export let keptPitch: usize = 0;
/** On and above the diagonal: the covariance without noise, and its slopes as `covariances` writes them. */
export let keptValues: usize = 0;
export let keptSlopes: usize = 0;

let end: usize = 16;

function take(numbers: i32): usize {
  const at = end;
  // Routines go in steps of four numbers and may look at the three after the last.
  end = (end + ((<usize>numbers) << 3) + 24 + 63) & ~63;
  return at;
}

/** Numbers from one row of a matrix to the next. Rows of whole pages would put all rows of a tile into the same sets of the cache. */
function lineOf(columns: i32): i32 {
  return (columns & 63) === 0 ? columns + 8 : columns;
}

/** Lays everything out. @returns how many bytes the memory must have */
export function layOut(rowsAtMost: i32, numericDimensions: i32, categoricalDimensions: i32): usize {
  capacity = rowsAtMost;
  numeric = numericDimensions;
  dimensions = numericDimensions + categoricalDimensions;
  const padded = (rowsAtMost + 3) & ~3;
  const line = lineOf(padded);
  pitch = (<usize>line) << 3;
  keepable = min(padded, keptMost);
  keptPitch = (<usize>lineOf(keepable)) << 3;
  candidatePitch = (<usize>padded) << 5;
  end = 16;
  rows = take(dimensions * capacity);
  weights = take(dimensions);
  noise = take(capacity);
  vector = take(capacity);
  candidates = take(dimensions * blockSize);
  means = take(blockSize);
  variances = take(blockSize);
  meanSlopes = take(numeric * blockSize);
  varianceSlopes = take(numeric * blockSize);
  answer = take(max(capacity, dimensions + 2));
  column = take(padded);
  column2 = take(padded);
  partial = take(dimensions * 2);
  panel = take(padded * panelRows);
  diagonal = take(panelRows * panelRows);
  single = take(panelRows * 4);
  upper = take(padded * line);
  keptValues = take(keepable * lineOf(keepable));
  keptSlopes = take(keepable * lineOf(keepable));
  // The inverse and the candidates are never needed at once.
  inverted = take(max(padded * line, 2 * padded * blockSize + 64));
  solution = inverted;
  slopeFactors = (inverted + ((<usize>padded) << 9) + 63) & ~63;
  return end;
}
