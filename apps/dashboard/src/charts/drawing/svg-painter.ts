/** Paints into the text of an SVG file. Everything that comes from outside is escaped; the file holds no script, link or style sheet. */
import { type Box, fontFamily, type Lettering, type Painter, type Path, type Size, type Stroke, usualSize } from './painter.js';

export interface SvgPainter extends Painter {
  /** The whole file. */
  readonly finish: () => string;
}

/** @param widthOf measures texts, which only a browser can */
export function svgPainter({ width, height }: Size, background: string, widthOf: Painter['widthOf']): SvgPainter {
  const parts: string[] = [];
  let clips = 0;
  const element = (name: string, attributes: Readonly<Record<string, string | number>>): void => {
    parts.push(`<${name}${attributesText(attributes)}/>`);
  };
  return {
    widthOf,
    line: (path, stroke) => element('path', { d: pathText(path), fill: 'none', 'stroke-linejoin': 'round', ...strokeOf(stroke) }),
    area: (path, { colour, alpha = 1 }) => element('path', { d: `${pathText(path)}Z`, fill: colour, 'fill-opacity': alpha }),
    rectangle: (box, { colour, alpha = 1 }) => element('rect', { ...boxOf(box), fill: colour, 'fill-opacity': alpha }),
    frame: (box, stroke) => element('rect', { ...boxOf(box), fill: 'none', ...strokeOf(stroke) }),
    disc: (x, y, r, { colour, alpha = 1 }) => element('circle', { cx: short(x), cy: short(y), r, fill: colour, 'fill-opacity': alpha }),
    ring: (x, y, r, stroke) => element('circle', { cx: short(x), cy: short(y), r, fill: 'none', ...strokeOf(stroke) }),
    text: (text, x, y, lettering) => parts.push(`<text${attributesText(textOf(x, y, lettering))}>${escaped(text)}</text>`),
    within(box, draw) {
      const id = `clip${++clips}`;
      parts.push(`<clipPath id="${id}"><rect${attributesText(boxOf(box))}/></clipPath><g clip-path="url(#${id})">`);
      draw();
      parts.push('</g>');
    },
    finish: () =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
      `<rect width="100%" height="100%" fill="${escaped(background)}"/>${parts.join('')}</svg>\n`,
  };
}

/** Hundredths of a pixel are enough. */
const short = (value: number): number => Math.round(value * 100) / 100;

const boxOf = ({ x, y, width, height }: Box) => ({
  x: short(x),
  y: short(y),
  width: Math.max(0, short(width)),
  height: Math.max(0, short(height)),
});

const strokeOf = ({ colour, width = 1, alpha = 1, dash = [] }: Stroke) => ({
  stroke: colour,
  'stroke-width': width,
  'stroke-opacity': alpha,
  ...(dash.length === 0 ? {} : { 'stroke-dasharray': dash.join(' ') }),
});

const anchors = { left: 'start', center: 'middle', right: 'end' } as const;
const baselines = { top: 'hanging', middle: 'central', bottom: 'text-after-edge' } as const;

function textOf(x: number, y: number, lettering: Lettering) {
  const { colour, size = usualSize, align = 'left', baseline = 'middle', bold = false, upwards = false } = lettering;
  return {
    x: short(x),
    y: short(y),
    fill: colour,
    'font-family': fontFamily,
    'font-size': size,
    'text-anchor': anchors[align],
    'dominant-baseline': baselines[baseline],
    ...(bold ? { 'font-weight': 600 } : {}),
    ...(upwards ? { transform: `rotate(-90 ${short(x)} ${short(y)})` } : {}),
  };
}

function pathText(path: Path): string {
  let text = '';
  let down = false;
  for (let i = 0; i + 1 < path.length; i += 2) {
    const x = path[i]!;
    const y = path[i + 1]!;
    if (!Number.isFinite(x) || !Number.isFinite(y)) down = false;
    else {
      text += `${down ? 'L' : 'M'}${short(x)} ${short(y)}`;
      down = true;
    }
  }
  return text;
}

const attributesText = (attributes: Readonly<Record<string, string | number>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Also without the characters that XML forbids altogether. */
export const escaped = (text: string): string =>
  text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd').replaceAll(/[&<>"']/g, (letter) => escapes[letter]!);
