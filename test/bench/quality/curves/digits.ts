/** Pictures of 8 × 8 pixels in ten classes, drawn by a few strokes each, moved and blurred: as hard as small handwritten digits. */
import { Draws } from './draws.js';

export const pixels = 64;
export const classes = 10;
const side = 8;

export interface Pictures {
  /** One row a picture. */
  readonly x: Float64Array;
  readonly y: Uint8Array;
  readonly count: number;
}

type Stroke = readonly [number, number, number, number];

export function digits(count: number, seed: number): Pictures {
  // The classes are the same whatever the seed of the pictures.
  const shapes = shapesOf(new Draws(1));
  const draws = new Draws(seed);
  const x = new Float64Array(count * pixels);
  const y = Uint8Array.from({ length: count }, (_, index) => index % classes);
  y.forEach((label, index) => {
    draw(x.subarray(index * pixels, (index + 1) * pixels), shapes[label]!, draws);
    // Some are labelled wrongly, so that nothing reaches a loss of 0.
    if (draws.uniform() < 0.03) y[index] = draws.below(classes);
  });
  return { x, y, count };
}

function shapesOf(draws: Draws): readonly (readonly Stroke[])[] {
  const place = (): number => 1 + 6 * draws.uniform();
  return Array.from({ length: classes }, () => Array.from({ length: 3 }, (): Stroke => [place(), place(), place(), place()]));
}

function draw(into: Float64Array, strokes: readonly Stroke[], draws: Draws): void {
  const [right, down] = [0.5 * draws.normal(), 0.5 * draws.normal()];
  const width = 0.6 + 0.3 * draws.uniform();
  for (const [ax, ay, bx, by] of strokes) {
    const [dx, dy] = [0.4 * draws.normal(), 0.4 * draws.normal()];
    for (let step = 0; step <= 6; step += 1) {
      const cx = ax + ((bx + dx - ax) * step) / 6 + right;
      const cy = ay + ((by + dy - ay) * step) / 6 + down;
      for (let pixel = 0; pixel < pixels; pixel += 1) {
        const distance = ((pixel % side) - cx) ** 2 + (Math.floor(pixel / side) - cy) ** 2;
        into[pixel] = Math.max(into[pixel]!, Math.exp(-distance / (2 * width ** 2)));
      }
    }
  }
  for (let pixel = 0; pixel < pixels; pixel += 1) into[pixel] = into[pixel]! - 0.4 + 0.25 * draws.normal();
}
