/** Files that a person takes from a chart: the picture as PNG or SVG, its data as CSV. */
import { canvasPainter } from './canvas-painter.js';
import { measuringPainter } from './measuring.js';
import type { Painter, Size } from './painter.js';
import type { Palette } from './palette.js';
import { svgPainter } from './svg-painter.js';

export type Picture = (painter: Painter, size: Size, palette: Palette) => void;

const titleHeight = 28;
const margin = 12;
/** Device pixels a CSS pixel: sharp when it is printed or enlarged. */
const density = 2;

/** The picture with its title, framed by some room. */
function titled(title: string, picture: Picture): Picture {
  return (painter, { width, height }, palette) => {
    painter.text(title, margin, margin + 8, { colour: palette.text, size: 13, bold: true });
    picture(shifted(painter, margin, titleHeight), { width: width - 2 * margin, height: height - titleHeight - margin }, palette);
  };
}

function shifted(painter: Painter, dx: number, dy: number): Painter {
  const path = (points: ArrayLike<number>) => Float64Array.from(points, (value, i) => value + (i % 2 === 0 ? dx : dy));
  const moved = <B extends { readonly x: number; readonly y: number }>(box: B): B => ({ ...box, x: box.x + dx, y: box.y + dy });
  return {
    line: (points, stroke) => painter.line(path(points), stroke),
    area: (points, fill) => painter.area(path(points), fill),
    rectangle: (box, fill) => painter.rectangle(moved(box), fill),
    frame: (box, stroke) => painter.frame(moved(box), stroke),
    disc: (x, y, radius, fill) => painter.disc(x + dx, y + dy, radius, fill),
    ring: (x, y, radius, stroke) => painter.ring(x + dx, y + dy, radius, stroke),
    text: (text, x, y, lettering) => painter.text(text, x + dx, y + dy, lettering),
    widthOf: painter.widthOf,
    within: (box, draw) => painter.within(moved(box), draw),
  };
}

export interface Exported {
  readonly title: string;
  readonly picture: Picture;
  readonly size: Size;
  readonly palette: Palette;
}

export async function savePng({ title, picture, size, palette }: Exported): Promise<void> {
  const { width, height } = outer(size);
  const canvas = new OffscreenCanvas(width * density, height * density);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(density, density);
  // The verbs of the two contexts are the same; their types have no common name.
  const painter = canvasPainter(context as unknown as CanvasRenderingContext2D);
  painter.rectangle({ x: 0, y: 0, width, height }, { colour: palette.surface });
  titled(title, picture)(painter, { width, height }, palette);
  saveFile(`${fileName(title)}.png`, await canvas.convertToBlob({ type: 'image/png' }));
}

export function saveSvg({ title, picture, size, palette }: Exported): void {
  const painter = svgPainter(outer(size), palette.surface, measuringPainter().widthOf);
  titled(title, picture)(painter, outer(size), palette);
  saveFile(`${fileName(title)}.svg`, new Blob([painter.finish()], { type: 'image/svg+xml' }));
}

export function saveCsv(title: string, csv: string): void {
  saveFile(`${fileName(title)}.csv`, new Blob([csv], { type: 'text/csv;charset=utf-8' }));
}

const outer = ({ width, height }: Size): Size => ({ width: width + 2 * margin, height: height + titleHeight + margin });

/** Of letters, digits and a few signs; whatever a metric is called. */
export const fileName = (title: string): string =>
  title
    .replaceAll(/[^\p{L}\p{N}_.-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80) || 'chart';

function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download holds on to the content once it has begun; a minute is far more than that takes.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
