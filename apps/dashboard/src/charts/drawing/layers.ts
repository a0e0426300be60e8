/** A canvas made ready: cleared, and with as many own pixels as the screen has. */
import { canvasPainter } from './canvas-painter.js';
import type { Painter, Size } from './painter.js';

/** Setting the number of pixels anew is what is slow, so only when it differs. */
export function prepared(context: CanvasRenderingContext2D, { width, height }: Size, density: number): Painter {
  const { canvas } = context;
  const [own, ownHeight] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== own || canvas.height !== ownHeight) {
    canvas.width = own;
    canvas.height = ownHeight;
  }
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return canvasPainter(context);
}
