/**
 * Where a function is measured to know its median and the rank of a loss: 100,000 points of numpy's `default_rng(12345).random()`.
 *
 * The generator is PCG64 (O'Neill, "PCG: A family of simple fast space-efficient statistically good algorithms", 2014, XSL RR 128/64),
 * because landscapes must be the same here and in benchmarks that are written in Python. Only this one seed is needed.
 */

export const scanSize = 100_000;

/** 128 bits as eight limbs of 16, lowest first. */
type Limbs = Float64Array;

const limbsOf = (x: bigint): Limbs => Float64Array.from({ length: 8 }, (_, index) => Number((x >> BigInt(16 * index)) & 0xffffn));

const multiplier = limbsOf(0x2360ed051fc65da44385df649fccf645n);

/** Points in the unit cube, one row each. */
export function scanPoints(dimensions: number): Float64Array {
  const state = limbsOf(0x1905e0335aae96349199b0d09775add5n);
  const increment = limbsOf(0xc9c7353e6e2b1f287d761f2d4027fae7n);
  return Float64Array.from({ length: scanSize * dimensions }, () => {
    advance(state, increment);
    return share(state);
  });
}

/** state = state × multiplier + increment. Sums of eight 32-bit products are exact in doubles. */
function advance(state: Limbs, increment: Limbs): void {
  const before = state.slice();
  let carry = 0;
  for (let limb = 0; limb < 8; limb += 1) {
    let sum = carry + increment[limb]!;
    for (let of = 0; of <= limb; of += 1) sum += before[of]! * multiplier[limb - of]!;
    state[limb] = sum % 0x10000;
    carry = Math.floor(sum / 0x10000);
  }
}

/** The upper half xor the lower half, rotated right by the upper six bits; 53 bits of that. */
function share(state: Limbs): number {
  const word = (limb: number): number => (state[limb]! ^ state[limb + 4]!) >>> 0;
  const low = (word(0) | (word(1) << 16)) >>> 0;
  const high = (word(2) | (word(3) << 16)) >>> 0;
  const by = state[7]! >> 10;
  const [a, b] = by < 32 ? [low, high] : [high, low];
  const rest = by & 31;
  const rotatedLow = rest === 0 ? a : ((a >>> rest) | (b << (32 - rest))) >>> 0;
  const rotatedHigh = rest === 0 ? b : ((b >>> rest) | (a << (32 - rest))) >>> 0;
  return (rotatedHigh * 0x200000 + (rotatedLow >>> 11)) / 2 ** 53;
}
