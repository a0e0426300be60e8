/** A layer that is drawn piece by piece, so that a person who moves the pointer sees something at once and the rest within frames. */
import { type RefObject, useLayoutEffect, useRef } from 'react';
import { prepared } from './layers.js';
import { type Painter, type Size } from './painter.js';
import { type Palette, usePalette } from './palette.js';

/** Yields between pieces. */
export type Flow = (painter: Painter, size: Size, palette: Palette) => Generator<undefined, void>;

/** Milliseconds of a frame that are spent on drawing. */
const budget = 10;

export function useFlowLayer(size: Size | null, density: number, flow: Flow | undefined): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = usePalette();
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined || size === null || flow === undefined) return;
    const pieces = flow(prepared(context, size, density), size, palette);
    let frame = 0;
    const goOn = (): void => {
      const began = performance.now();
      let left = pieces.next().done !== true;
      while (left && performance.now() - began < budget) left = pieces.next().done !== true;
      if (left) frame = requestAnimationFrame(goOn);
    };
    goOn();
    return () => cancelAnimationFrame(frame);
  }, [size, density, flow, palette]);
  return canvas;
}
