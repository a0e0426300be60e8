/** Paints on a canvas whose transformation already takes CSS pixels to its own. */
import { type Box, type Fill, fontOf, type Lettering, type Painter, type Path, type Stroke } from './painter.js';

export function canvasPainter(context: CanvasRenderingContext2D): Painter {
  const stroke = ({ colour, width = 1, alpha = 1, dash = [] }: Stroke): void => {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.globalAlpha = alpha;
    context.setLineDash([...dash]);
    context.stroke();
    context.globalAlpha = 1;
  };
  const fill = ({ colour, alpha = 1 }: Fill, paint: () => void): void => {
    context.fillStyle = colour;
    context.globalAlpha = alpha;
    paint();
    context.globalAlpha = 1;
  };
  const circle = (x: number, y: number, radius: number): void => {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
  };
  return {
    line(path, style) {
      trace(context, path);
      context.lineJoin = 'round';
      stroke(style);
    },
    area(path, style) {
      trace(context, path);
      context.closePath();
      fill(style, () => context.fill());
    },
    rectangle: (box, style) => fill(style, () => context.fillRect(box.x, box.y, box.width, box.height)),
    frame(box, style) {
      context.beginPath();
      context.rect(box.x, box.y, box.width, box.height);
      stroke(style);
    },
    disc(x, y, radius, style) {
      circle(x, y, radius);
      fill(style, () => context.fill());
    },
    ring(x, y, radius, style) {
      circle(x, y, radius);
      stroke(style);
    },
    text: (text, x, y, lettering) => write(context, text, [x, y], lettering),
    widthOf(text, lettering) {
      context.font = fontOf(lettering);
      return context.measureText(text).width;
    },
    within: (box, draw) => clipped(context, box, draw),
  };
}

function trace(context: CanvasRenderingContext2D, path: Path): void {
  context.beginPath();
  let down = false;
  for (let i = 0; i + 1 < path.length; i += 2) {
    const x = path[i]!;
    const y = path[i + 1]!;
    if (!Number.isFinite(x) || !Number.isFinite(y)) down = false;
    else if (down) context.lineTo(x, y);
    else {
      context.moveTo(x, y);
      down = true;
    }
  }
}

function write(context: CanvasRenderingContext2D, text: string, [x, y]: readonly [number, number], lettering: Lettering): void {
  const { colour, align = 'left', baseline = 'middle', upwards = false } = lettering;
  context.font = fontOf(lettering);
  context.fillStyle = colour;
  context.textAlign = align;
  context.textBaseline = baseline;
  if (!upwards) {
    context.fillText(text, x, y);
    return;
  }
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  context.fillText(text, 0, 0);
  context.restore();
}

function clipped(context: CanvasRenderingContext2D, { x, y, width, height }: Box, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  draw();
  context.restore();
}
