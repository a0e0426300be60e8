/** Random numbers one after the other, for making data and training on it. */
import { random } from '@sweep/optimizer';

export class Draws {
  private readonly numbers;
  private drawn = 0;

  constructor(seed: number) {
    this.numbers = random(BigInt(seed));
  }

  /** In [0, 1). */
  uniform(): number {
    this.drawn += 1;
    return this.numbers.uniform(this.drawn, 0, 0);
  }

  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** 0 … count − 1 in random order (Fisher and Yates). */
  permutation(count: number): Uint16Array {
    const order = Uint16Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      const kept = order[last]!;
      order[last] = order[other]!;
      order[other] = kept;
    }
    return order;
  }
}
