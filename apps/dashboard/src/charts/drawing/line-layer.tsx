/**
 * A layer of very many lines over a surface: at once with hard edges and as many as can be drawn at once, evenly chosen, so that a person
 * who moves the pointer sees the answer; within the next frames all of them as they should look.
 *
 * Owns when what is drawn, and that a picture half done is never seen. Pixels are line-raster.ts.
 */
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { type Ink, LineRaster } from '../maths/line-raster.js';
import type { Size } from './painter.js';

export interface LineSet {
  /** CSS pixels, growing. */
  readonly xs: readonly number[];
  /** For each of `xs`: where each line crosses, CSS pixels; NaN where it does not. */
  readonly ys: readonly ArrayLike<number>[];
  /** Of the lines that are drawn, the last on top. */
  readonly order: Uint32Array;
  readonly inkOf: (line: number) => Ink;
}

export interface LinePicture {
  readonly surface: number;
  /** Behind, the same for many pictures: drawn again only when it is another object. */
  readonly ground: LineSet;
  readonly lines: LineSet;
}

export interface LineLayerProps {
  readonly size: Size | null;
  readonly density: number;
  readonly picture: LinePicture;
}

/** So few are drawn as they should look without delay. */
const fewLines = 1_000;
/** Lines between two looks at the clock. */
const piece = 200;
/** Milliseconds of a frame that are spent on drawing. */
const budget = 16;
/** Milliseconds that the answer to a movement may take. */
const answer = 8;
/** Until it is measured. */
const usualPace = 200;

export function LineLayer({ size, density, picture }: LineLayerProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const kept = useRef<Sheet | null>(null);
  useLayoutEffect(() => {
    // Kept by the processor, which makes its pixels.
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (context === null || context === undefined || size === null) return;
    kept.current = sheetOf(kept.current, { width: Math.round(size.width * density), height: Math.round(size.height * density) }, density);
    return draw(context, kept.current, picture);
  }, [size, density, picture]);
  return <canvas ref={canvas} />;
}

interface Sheet {
  readonly image: ImageData;
  readonly density: number;
  readonly raster: LineRaster;
  readonly behind: Int32Array;
  /** What `behind` shows. */
  ground: LineSet | null;
  surface: number;
  /** Lines with hard edges in a millisecond. */
  pace: number;
}

function sheetOf(kept: Sheet | null, { width, height }: Size, density: number): Sheet {
  if (kept !== null && kept.image.width === width && kept.image.height === height && kept.density === density) return kept;
  const image = new ImageData(Math.max(1, width), Math.max(1, height));
  const pixels = new Int32Array(image.data.buffer);
  const raster = new LineRaster(image.width, pixels, Math.max(1, Math.round(density)));
  return { image, density, raster, behind: new Int32Array(pixels.length), ground: null, surface: 0, pace: usualPace };
}

/** Answers how to stop it. */
function draw(context: CanvasRenderingContext2D, sheet: Sheet, picture: LinePicture): () => void {
  const { image, raster, behind } = sheet;
  const { ground, lines, surface } = picture;
  const show = (): void => {
    const { canvas } = context;
    // Setting the number of pixels anew is what is slow, so only when it differs.
    if (canvas.width !== image.width) canvas.width = image.width;
    if (canvas.height !== image.height) canvas.height = image.height;
    context.putImageData(image, 0, 0);
  };
  const fresh = sheet.ground === ground && sheet.surface === surface;
  const rest = whole(sheet, picture, fresh);
  if (lines.order.length + (fresh ? 0 : ground.order.length) <= fewLines) {
    for (const _ of rest) void _;
    show();
    return () => undefined;
  }
  if (fresh) raster.pixels.set(behind);
  else raster.pixels.fill(surface);
  answerAtOnce(lines, sheet);
  show();
  return inFrames(rest, show);
}

function answerAtOnce(lines: LineSet, sheet: Sheet): void {
  const order = evenly(lines.order, answer * sheet.pace);
  const began = performance.now();
  for (const _ of drawn({ ...lines, order }, sheet, 'plain')) void _;
  // Clocks of browsers are coarse.
  sheet.pace = order.length / Math.max(1, performance.now() - began);
}

/** So many at most, the last always among them: it lies on top. */
export function evenly(order: Uint32Array, most: number): Uint32Array {
  const every = Math.ceil(order.length / Math.max(1, most));
  return every <= 1 ? order : order.filter((_, i) => (order.length - 1 - i) % every === 0);
}

/** Yields between pieces. */
function* whole(sheet: Sheet, { surface, ground, lines }: LinePicture, fresh: boolean): Generator<undefined, void> {
  const { pixels } = sheet.raster;
  if (!fresh) {
    sheet.ground = null;
    pixels.fill(surface);
    yield* drawn(ground, sheet, 'smooth');
    sheet.behind.set(pixels);
    sheet.ground = ground;
    sheet.surface = surface;
  } else pixels.set(sheet.behind);
  yield* drawn(lines, sheet, 'smooth');
}

function* drawn({ xs, ys, order, inkOf }: LineSet, { raster, density }: Sheet, way: 'smooth' | 'plain'): Generator<undefined, void> {
  const across = Float64Array.from(xs, (x) => x * density);
  const path = new Float64Array(xs.length);
  for (const [i, line] of order.entries()) {
    for (let at = 0; at < path.length; at++) path[at] = ys[at]![line]! * density;
    raster[way](across, path, inkOf(line));
    if (i % piece === piece - 1) yield;
  }
}

function inFrames(pieces: Generator<undefined, void>, onDone: () => void): () => void {
  const goOn = (): void => {
    const began = performance.now();
    let left = true;
    while (left && performance.now() - began < budget) left = pieces.next().done !== true;
    if (left) frame = requestAnimationFrame(goOn);
    else onDone();
  };
  let frame = requestAnimationFrame(goOn);
  return () => cancelAnimationFrame(frame);
}
