/**
 * Public test functions of global optimisation, each a plain function of a point. Lower is better.
 *
 * Formulas and constants as in Surjanovic and Bingham, "Virtual Library of Simulation Experiments". The shifts move the optimum away
 * from the centre of the box, which some optimisers try first.
 */
import { roundHalfEven } from '@sweep/optimizer';

type Point = readonly number[];

export function branin([x = 0, y = 0]: Point): number {
  return (y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6) ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

const peaks = [
  { height: 1, widths: [10, 3, 17, 3.5, 1.7, 8], at: [1312, 1696, 5569, 124, 8283, 5886] },
  { height: 1.2, widths: [0.05, 10, 17, 0.1, 8, 14], at: [2329, 4135, 8307, 3736, 1004, 9991] },
  { height: 3, widths: [3, 3.5, 1.7, 10, 17, 8], at: [2348, 1451, 3522, 2883, 3047, 6650] },
  { height: 3.2, widths: [17, 8, 0.05, 10, 0.1, 14], at: [4047, 8828, 8732, 5743, 1091, 381] },
] as const;

export function hartmann6(x: Point): number {
  return -peaks.reduce((sum, { height, widths, at }) => {
    const distance = widths.reduce<number>((total, width, i) => total + width * (x[i]! - 1e-4 * at[i]!) ** 2, 0);
    return sum + height * Math.exp(-distance);
  }, 0);
}

export function levy(x: Point, shift: Point): number {
  const w = x.map((value, i) => 1 + (value - shift[i]!) / 4);
  const last = w.at(-1)!;
  const middle = w.slice(0, -1).reduce((sum, v) => sum + (v - 1) ** 2 * (1 + 10 * Math.sin(Math.PI * v + 1) ** 2), 0);
  return Math.sin(Math.PI * w[0]!) ** 2 + middle + (last - 1) ** 2 * (1 + Math.sin(2 * Math.PI * last) ** 2);
}

/** Condition 100: the last axis is 100 times as steep as the first. */
export function ellipsoid(x: Point, shift: Point): number {
  return x.reduce((sum, value, i) => sum + (value - shift[i]!) ** 2 * 100 ** (i / (x.length - 1)), 0);
}

export function rastrigin(x: Point, shift: Point): number {
  return x.reduce((sum, value, i) => sum + (value - shift[i]!) ** 2 - 10 * Math.cos(2 * Math.PI * (value - shift[i]!)), 10 * x.length);
}

export function ackley(x: Point, shift: Point): number {
  const z = x.map((value, i) => value - shift[i]!);
  const mean = (terms: Point): number => terms.reduce((a, b) => a + b, 0) / terms.length;
  const square = mean(z.map((value) => value ** 2));
  const wave = mean(z.map((value) => Math.cos(2 * Math.PI * value)));
  return -20 * Math.exp(-0.2 * Math.sqrt(square)) - Math.exp(wave) + 20 + Math.E;
}

/** Rosenbrock's valley on 21 levels a coordinate over [-2, 2]. */
export function stepRosenbrock(x: Point): number {
  const z = x.map((value) => roundHalfEven(value / 0.2) * 0.2);
  return z.slice(0, -1).reduce((sum, value, i) => sum + 100 * (z[i + 1]! - value ** 2) ** 2 + (1 - value) ** 2, 0);
}
