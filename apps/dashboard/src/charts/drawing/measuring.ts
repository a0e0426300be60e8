/** Measures texts as they will be drawn, with one hidden canvas for the page. */
import { canvasPainter } from './canvas-painter.js';
import type { Painter } from './painter.js';

let painter: Painter | null = null;

export function measuringPainter(): Painter {
  if (painter === null) {
    const context = document.createElement('canvas').getContext('2d');
    if (context === null) throw new Error('this browser draws no canvas: charts need one');
    painter = canvasPainter(context);
  }
  return painter;
}
