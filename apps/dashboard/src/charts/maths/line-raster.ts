/**
 * Lines as pixels: tens of thousands of thin lines, many times faster than a canvas strokes them, and alike in every browser.
 *
 * Owns stretches of straight line over opaque pixels. What lines mean, their order and their colours are the caller's, and that they lie
 * inside by as much as they are thick. Smooth lines share each step between two pixels, after X. Wu, "An Efficient Antialiasing
 * Technique", SIGGRAPH 1991.
 */

/** A colour as it lies in memory (little endian: alpha, blue, green, red), and how much of it covers what is behind, 0 … 256. */
export interface Ink {
  readonly colour: number;
  readonly alpha: number;
}

const redAndBlue = 0xff00ff;
const halfRedAndBlue = 0x800080;
const green = 0xff00;
const opaque = 0xff000000 | 0;
/** Places across a line are whole numbers of so many parts of a pixel. */
const parts = 0x10000;

export class LineRaster {
  /** The stretch that is drawn: pixels along it by index, what each step adds to the index, and the same across. */
  #begin = 0;
  #steps = 0;
  #along = 0;
  #aside = 0;
  #across = 0;
  #slope = 0;

  constructor(
    readonly width: number,
    /** One a pixel, row by row, as they lie in the data of a canvas. */
    readonly pixels: Int32Array,
    /** Pixels across, whole. */
    readonly thickness: number,
  ) {}

  /** Through points of which x grows; where one has no number the line is broken. Blended, with soft edges. */
  smooth(xs: ArrayLike<number>, ys: ArrayLike<number>, ink: Ink): void {
    for (let i = 0; i + 1 < xs.length; i++) if (this.#place(xs, ys, i)) this.#blend(ink);
  }

  /** The same, covering what is behind, with hard edges: several times faster. */
  plain(xs: ArrayLike<number>, ys: ArrayLike<number>, { colour }: Ink): void {
    for (let i = 0; i + 1 < xs.length; i++) if (this.#place(xs, ys, i)) this.#cover(colour);
  }

  /** Pixel by pixel along the longer side; the last belongs to the next stretch. False: an end has no place. */
  #place(xs: ArrayLike<number>, ys: ArrayLike<number>, i: number): boolean {
    const [x0, y0, x1, y1] = [xs[i]!, ys[i]!, xs[i + 1]!, ys[i + 1]!];
    if (Number.isNaN(y0 + y1)) return false;
    const flat = Math.abs(y1 - y0) <= x1 - x0;
    const falls = flat || y0 < y1;
    const from = flat ? x0 : Math.min(y0, y1);
    const to = flat ? x1 : Math.max(y0, y1);
    const slope = to === from ? 0 : flat ? (y1 - y0) / (x1 - x0) : (x1 - x0) / (y1 - y0);
    const first = Math.ceil(from - 0.5);
    const middle = (flat ? y0 : falls ? x0 : x1) + (first + 0.5 - from) * slope;
    this.#along = flat ? 1 : this.width;
    this.#aside = flat ? this.width : 1;
    this.#begin = first * this.#along;
    this.#steps = Math.ceil(to - 0.5) - first;
    this.#across = Math.round((middle - this.thickness / 2) * parts);
    this.#slope = Math.round(slope * parts);
    return true;
  }

  #blend({ colour, alpha }: Ink): void {
    const pixels = this.pixels;
    const [along, aside, slope, thickness] = [this.#along, this.#aside, this.#slope, this.thickness];
    let from = this.#begin;
    let across = this.#across;
    for (let step = this.#steps; step > 0; step--) {
      let at = from + (across >> 16) * aside;
      const beyond = (alpha * ((across >>> 8) & 0xff)) >> 8;
      pixels[at] = blended(pixels[at]!, colour, alpha - beyond);
      for (let i = 1; i < thickness; i++) {
        at += aside;
        pixels[at] = blended(pixels[at]!, colour, alpha);
      }
      at += aside;
      pixels[at] = blended(pixels[at]!, colour, beyond);
      from += along;
      across += slope;
    }
  }

  #cover(colour: number): void {
    const pixels = this.pixels;
    const [along, aside, slope, thickness] = [this.#along, this.#aside, this.#slope, this.thickness];
    let from = this.#begin;
    let across = this.#across + parts / 2;
    for (let step = this.#steps; step > 0; step--) {
      let at = from + (across >> 16) * aside;
      for (let i = 0; i < thickness; i++) {
        pixels[at] = colour;
        at += aside;
      }
      from += along;
      across += slope;
    }
  }
}

/** Red and blue in one multiplication: there are eight bits of room between them. */
function blended(behind: number, colour: number, alpha: number): number {
  const rest = 256 - alpha;
  const outer = (Math.imul(behind & redAndBlue, rest) + Math.imul(colour & redAndBlue, alpha) + halfRedAndBlue) >>> 8;
  const middle = Math.imul((behind >>> 8) & 0xff, rest) + Math.imul((colour >>> 8) & 0xff, alpha) + 0x80;
  return opaque | (outer & redAndBlue) | (middle & green);
}
