/** One mark a trial: its shape tells the state as its colour does. */
import type { MarkState } from '../chart-data.js';
import type { Painter } from './painter.js';

export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly state: MarkState;
  readonly colour: string;
  readonly radius: number;
  readonly alpha?: number;
}

export function drawMark(painter: Painter, { x, y, state, colour, radius: r, alpha = 1 }: Mark): void {
  const stroke = { colour, width: 1.5, alpha };
  switch (state) {
    case 'completed':
      painter.disc(x, y, r, { colour, alpha });
      return;
    case 'running':
    case 'stopping':
      painter.ring(x, y, r, stroke);
      return;
    case 'pruned':
      painter.area([x - r, y - r * 0.8, x + r, y - r * 0.8, x, y + r], { colour, alpha });
      return;
    case 'failed':
      painter.line([x - r, y - r, x + r, y + r, Number.NaN, 0, x - r, y + r, x + r, y - r], stroke);
      return;
    default:
      painter.frame({ x: x - r * 0.8, y: y - r * 0.8, width: r * 1.6, height: r * 1.6 }, stroke);
  }
}
