/** The Sobol sequence in Gray-code order, and Owen's scrambling of it by hashing. 32 bits, 64 dimensions. */
import { directions } from './sobol-directions.js';

export const sobolDimensions = directions.length + 1;

const tables = new Map<number, Uint32Array>();

/** Coordinate of the point as a 32-bit fraction; `dimension` counts from 0. */
export function sobolWord(index: number, dimension: number): number {
  const table = tables.get(dimension) ?? remember(dimension);
  let gray = (index ^ (index >>> 1)) >>> 0;
  let word = 0;
  for (let bit = 0; gray !== 0; bit += 1, gray >>>= 1) if (gray & 1) word ^= table[bit] ?? 0;
  return word >>> 0;
}

function remember(dimension: number): Uint32Array {
  const table = directionTable(dimension);
  tables.set(dimension, table);
  return table;
}

function directionTable(dimension: number): Uint32Array {
  const table = new Uint32Array(32);
  if (dimension === 0) return table.map((_, bit) => 2 ** (31 - bit));
  const row = directions[dimension - 1];
  if (row === undefined) throw new RangeError(`the Sobol table has ${sobolDimensions} dimensions`);
  const [coefficients, ...initial] = row;
  const degree = initial.length;
  for (let bit = 0; bit < 32; bit += 1) {
    if (bit < degree) table[bit] = (initial[bit] ?? 0) * 2 ** (31 - bit);
    else table[bit] = recurrence(table, bit, { degree, coefficients });
  }
  return table;
}

function recurrence(table: Uint32Array, bit: number, polynomial: { degree: number; coefficients: number }): number {
  const { degree, coefficients } = polynomial;
  const oldest = table[bit - degree] ?? 0;
  let word = oldest ^ (oldest >>> degree);
  for (let k = 1; k < degree; k += 1) if ((coefficients >>> (degree - 1 - k)) & 1) word ^= table[bit - k] ?? 0;
  return word >>> 0;
}

/**
 * Owen scrambling: every bit is flipped or not by a hash of the bits above it.
 *
 * The hash is Laine and Karras's, with the constants of N. Vegdahl: B. Burley, "Practical hash-based Owen scrambling" (JCGT 2020).
 */
export function scramble(word: number, seed: number): number {
  let x = reverse(word);
  x ^= Math.imul(x, 0x3d20adea);
  x = (x + seed) | 0;
  x = Math.imul(x, (seed >>> 16) | 1);
  x ^= Math.imul(x, 0x05526c56);
  x ^= Math.imul(x, 0x53a22864);
  return reverse(x);
}

function reverse(word: number): number {
  let x = word;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return ((x >>> 16) | (x << 16)) >>> 0;
}
