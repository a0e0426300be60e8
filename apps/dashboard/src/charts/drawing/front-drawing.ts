/** The front of trials that no other beats in every objective: a ring around each, and with two objectives the line that joins them. */
import type { Plot } from './axes.js';
import type { Painter } from './painter.js';

export interface FrontLook {
  /** Places of the two objectives that are shown. */
  readonly across: number;
  readonly up: number;
  readonly plot: Pick<Plot, 'x' | 'y'>;
  readonly colour: string;
}

/** @param front the objectives of each; null where one was never logged */
export function drawFront(painter: Painter, front: readonly (readonly (number | null)[])[], { across, up, plot, colour }: FrontLook): void {
  const places = front
    .flatMap((values) => {
      const [x, y] = [values[across], values[up]];
      return typeof x === 'number' && typeof y === 'number' ? [[plot.x.toPixel(x), plot.y.toPixel(y)] as const] : [];
    })
    .sort((a, b) => a[0] - b[0]);
  // Of more objectives this is the shadow of a surface, and a line through it would say nothing.
  if (front.every(({ length }) => length === 2)) painter.line(places.flat(), { colour, width: 1.5 });
  for (const [x, y] of places) painter.ring(x, y, 6, { colour, width: 1.5 });
}
