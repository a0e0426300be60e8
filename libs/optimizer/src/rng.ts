/**
 * Random numbers by counter: any draw can be computed on its own, so a restart repeats exactly what was drawn before.
 *
 * Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). It needs
 * only 32-bit addition, rotation and xor, which are exact in JavaScript. Owns no state and no seed policy.
 */

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const parity = 0x1bd11bda;
export const streamLimit = 1 << 12;
export const drawLimit = 1 << 20;

/** One block: two 32-bit words of counter under two of key. */
export function threefry(counter: readonly [number, number], key: readonly [number, number]): [number, number] {
  const schedule = [key[0] | 0, key[1] | 0, parity ^ key[0] ^ key[1]] as const;
  let x = (counter[0] + schedule[0]) | 0;
  let y = (counter[1] + schedule[1]) | 0;
  for (let round = 0; round < 20; round += 1) {
    const by = rotations[(round & 7) as 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7];
    x = (x + y) | 0;
    y = ((y << by) | (y >>> (32 - by))) ^ x;
    if ((round & 3) === 3) {
      const injection = (round + 1) >> 2;
      x = (x + (schedule[(injection % 3) as 0 | 1 | 2] ?? 0)) | 0;
      y = (y + (schedule[((injection + 1) % 3) as 0 | 1 | 2] ?? 0) + injection) | 0;
    }
  }
  return [x >>> 0, y >>> 0];
}

export interface Random {
  /** In [0, 1), with 53 bits. `index` is that of the proposal, below 2^32; `stream` says what the draw is for. */
  uniform(index: number, stream: number, draw: number): number;
  /** 32 bits of the same draw. */
  word(index: number, stream: number, draw: number): number;
}

/** @param seed its low 64 bits are the key */
export function random(seed: bigint): Random {
  const bits = BigInt.asUintN(64, seed);
  const key = [Number(bits & 0xffffffffn), Number(bits >> 32n)] as const;
  const block = (index: number, stream: number, draw: number): [number, number] => {
    if (!(stream >= 0 && stream < streamLimit && draw >= 0 && draw < drawLimit))
      throw new RangeError(`no draw ${draw} in stream ${stream}`);
    return threefry([index >>> 0, ((stream << 20) | draw) >>> 0], key);
  };
  return {
    uniform(index, stream, draw) {
      const [high, low] = block(index, stream, draw);
      return (high * 0x200000 + (low >>> 11)) / 0x20000000000000;
    },
    word: (index, stream, draw) => block(index, stream, draw)[0],
  };
}
