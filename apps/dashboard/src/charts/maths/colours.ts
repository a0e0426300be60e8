/** Colours of series and of values: the same for one id for ever, told apart by colour-blind people, visible on either surface. */

type Rgb = readonly [number, number, number];
export type Theme = 'light' | 'dark';

/** Okabe and Ito, "Color Universal Design" (https://jfly.uni-koeln.de/color/), without black; ours in order of how well they read. */
const okabeIto: readonly Rgb[] = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
  [204, 121, 167],
  [230, 159, 0],
  [86, 180, 233],
  [240, 228, 66],
];
/** Turns of the hue after which the base colours come again; the last is still 15 degrees from the first. */
const turns = [0, 24, -24, 12, -12] as const;
const surfaces: Readonly<Record<Theme, Rgb>> = { light: [255, 255, 255], dark: [27, 28, 30] };
/** WCAG 2.2, 1.4.11: parts of graphics against what is beside them. */
const leastContrast = 3;

/** FNV-1a, 32 bits. */
export function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export const seriesColour = (id: string, theme: Theme): string => colourAt(hashOf(id) % (okabeIto.length * turns.length), theme);

/** The n-th colour: the base ones first, then the same turned. */
export function colourAt(index: number, theme: Theme): string {
  const base = okabeIto[index % okabeIto.length]!;
  const turn = turns[Math.floor(index / okabeIto.length) % turns.length]!;
  return hex(visibleOn(surfaces[theme], turned(base, turn), theme));
}

/** Every twentieth of matplotlib's viridis (BSD-like licence, https://bids.github.io/colormap/). */
const viridis: readonly Rgb[] = [
  [68, 1, 84],
  [71, 19, 101],
  [72, 36, 117],
  [70, 52, 128],
  [65, 68, 135],
  [59, 82, 139],
  [53, 95, 141],
  [47, 108, 142],
  [42, 120, 142],
  [37, 132, 142],
  [33, 145, 140],
  [30, 156, 137],
  [34, 168, 132],
  [47, 180, 124],
  [68, 191, 112],
  [94, 201, 98],
  [122, 209, 81],
  [155, 217, 60],
  [189, 223, 38],
  [223, 227, 24],
  [253, 231, 37],
];
/** The part that reads on the surface, the least visible end first. */
const readable: Readonly<Record<Theme, readonly [number, number]>> = { light: [0.58, 0], dark: [0.36, 1] };

/** @param goodness 0 = worst … 1 = best, which is the most visible */
export function viridisColour(goodness: number, theme: Theme): string {
  const [from, to] = readable[theme];
  const at = (from + Math.min(1, Math.max(0, goodness)) * (to - from)) * (viridis.length - 1);
  const left = Math.min(viridis.length - 2, Math.floor(at));
  return hex(mixed(viridis[left]!, viridis[left + 1]!, at - left));
}

/** Between two colours, `#rrggbb` or `#rgb`. @param share of the second */
export const blended = (a: string, b: string, share: number): string => hex(mixed(rgbOf(a), rgbOf(b), Math.min(1, Math.max(0, share))));

const mixed = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

const hex = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

/** As a pixel lies in memory: little endian, opaque. */
export function pixelOf(colour: string): number {
  const [red, green, blue] = rgbOf(colour);
  return 0xff000000 | (blue << 16) | (green << 8) | red;
}

/** `#rgb` too: what makes style sheets smaller writes white so. */
function rgbOf(text: string): Rgb {
  const digits = text.length === 4 ? text.replace(/[0-9a-f]/gi, '$&$&') : text;
  return [1, 3, 5].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Rgb;
}

/** WCAG's relative luminance. */
function luminance(rgb: Rgb): number {
  const [r = 0, g = 0, b = 0] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Of two `#rrggbb`, 1 … 21. */
export const contrast = (a: string, b: string): number => ratio(rgbOf(a), rgbOf(b));

function ratio(a: Rgb, b: Rgb): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** Towards black or white until it reads. */
function visibleOn(surface: Rgb, colour: Rgb, theme: Theme): Rgb {
  const towards: Rgb = theme === 'light' ? [0, 0, 0] : [255, 255, 255];
  let share = 0;
  while (ratio(mixed(colour, towards, share), surface) < leastContrast + 0.1 && share < 1) share += 0.02;
  return mixed(colour, towards, share);
}

/** Around the grey axis; https://www.w3.org/TR/filter-effects-1/#feColorMatrixElement, hueRotate. */
function turned([r, g, b]: Rgb, degrees: number): Rgb {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  const part = (value: number) => Math.min(255, Math.max(0, value));
  return [
    part((0.213 + cos * 0.787 - sin * 0.213) * r + (0.715 - cos * 0.715 - sin * 0.715) * g + (0.072 - cos * 0.072 + sin * 0.928) * b),
    part((0.213 - cos * 0.213 + sin * 0.143) * r + (0.715 + cos * 0.285 + sin * 0.14) * g + (0.072 - cos * 0.072 - sin * 0.283) * b),
    part((0.213 - cos * 0.213 - sin * 0.787) * r + (0.715 - cos * 0.715 + sin * 0.715) * g + (0.072 + cos * 0.928 + sin * 0.072) * b),
  ];
}
