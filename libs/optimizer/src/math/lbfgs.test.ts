import { describe, expect, it } from 'vitest';
import { type Box, freeOf, minimize, type Smooth } from './lbfgs.js';

const box = (...sides: readonly (readonly [number, number])[]): Box => ({
  lower: Float64Array.from(sides, ([low]) => low),
  upper: Float64Array.from(sides, ([, high]) => high),
});

const rosenbrock: Smooth = (x, gradient) => {
  const [a, b] = [x[0]!, x[1]!];
  gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
  gradient[1] = 200 * (b - a * a);
  return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
};

/** Σ weight · (x − centre)². */
const bowl =
  (centre: readonly number[], weights: readonly number[]): Smooth =>
  (x, gradient) => {
    let sum = 0;
    for (const [at, middle] of centre.entries()) {
      const off = x[at]! - middle;
      gradient[at] = 2 * weights[at]! * off;
      sum += weights[at]! * off * off;
    }
    return sum;
  };

describe('the minimiser', () => {
  it('follows the valley of Rosenbrock’s function to its end', () => {
    const { x, value } = minimize(rosenbrock, Float64Array.of(-1.2, 1), box([-2, 2], [-2, 2]), 200);
    expect(value).toBeLessThan(1e-4);
    expect([x[0]!, x[1]!].map((coordinate) => Math.abs(coordinate - 1) < 0.05)).toEqual([true, true]);
  });

  it('stops at the box when the minimum lies outside, and goes on along its side', () => {
    // On b ≤ 0.25 the minimum is where a solves −2(1 − a) − 400a(0.25 − a²) = 0.
    const { x } = minimize(rosenbrock, Float64Array.of(-1.2, 0), box([-2, 2], [-2, 0.25]), 200);
    expect(x[1]).toBe(0.25);
    expect(x[0]).toBeCloseTo(0.5026, 2);
    const corner = minimize(bowl([5, -5, 0.3], [1, 10, 1]), Float64Array.of(0.5, 0.5, 0.9), box([0, 1], [0, 1], [0, 1]), 50);
    expect([corner.x[0], corner.x[1]]).toEqual([1, 0]);
    expect(corner.x[2]).toBeCloseTo(0.3, 5);
  });

  it('leaves a bound again when the slope says so', () => {
    const { x } = minimize(bowl([0.4, 0.7], [1, 100]), Float64Array.of(0, 1), box([0, 1], [0, 1]), 50);
    expect([...x].map((coordinate) => Number(coordinate.toFixed(4)))).toEqual([0.4, 0.7]);
  });

  it('copes with slopes of very different sizes', () => {
    const centre = [0.1, 0.2, 0.3, 0.4, 0.5];
    const { value } = minimize(
      bowl(centre, [1, 10, 100, 1000, 10_000]),
      new Float64Array(5).fill(0.9),
      box(...centre.map(() => [0, 1] as const)),
      100,
    );
    expect(value).toBeLessThan(1e-5);
  });

  it('moves a start outside into the box first', () => {
    expect(minimize(bowl([0.5], [1]), Float64Array.of(9), box([0, 1]), 0).x).toEqual(Float64Array.of(1));
  });

  it('returns the start when there is no value there', () => {
    const nothing: Smooth = () => Number.NaN;
    expect(minimize(nothing, Float64Array.of(0.5), box([0, 1]), 10)).toEqual({ x: Float64Array.of(0.5), value: Number.NaN });
  });

  it('turns back where values end', () => {
    const cliff: Smooth = (x, gradient) => {
      gradient[0] = 1;
      return x[0]! < 0.3 ? Number.NaN : x[0]!;
    };
    const { x, value } = minimize(cliff, Float64Array.of(0.9), box([0, 1]), 50);
    expect(value).toBeGreaterThanOrEqual(0.3);
    expect(value).toBeLessThan(0.9);
    expect(x[0]).toBe(value);
  });

  it('never ends worse than it began, whatever the slopes claim', () => {
    const lying: Smooth = (x, gradient) => {
      gradient[0] = -1;
      return x[0]!;
    };
    expect(minimize(lying, Float64Array.of(0.5), box([0, 1]), 50)).toEqual({ x: Float64Array.of(0.5), value: 0.5 });
  });
});

describe('coordinates that may move', () => {
  it('are those that no slope presses against their bound', () => {
    const x = Float64Array.of(0, 0, 1, 1, 0.5);
    const gradient = Float64Array.of(1, -1, 1, -1, 7);
    expect([...freeOf(x, gradient, box([0, 1], [0, 1], [0, 1], [0, 1], [0, 1]))]).toEqual([0, 1, 1, 0, 1]);
  });
});
