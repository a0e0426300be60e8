/** A layer that is drawn piece by piece, so that a person who moves the pointer sees something at once and the rest within frames. */
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { prepared } from './layers.js';
import type { Painter, Size } from './painter.js';
import { type Palette, usePalette } from './palette.js';

/** Yields between pieces. */
export type Flow = (painter: Painter, size: Size, palette: Palette) => Generator<undefined, void>;

/** Milliseconds of a frame that are spent on drawing. */
const budget = 24;

export interface FlowLayerProps {
  readonly size: Size | null;
  readonly density: number;
  readonly flow: Flow;
}

export function FlowLayer({ size, density, flow }: FlowLayerProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = usePalette();
  useLayoutEffect(() => {
    // Drawn by the processor: thousands of single lines are several times faster than where a graphics card is only imitated.
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (context === null || context === undefined || size === null) return;
    return flowing(context, flow(prepared(context, size, density), size, palette));
  }, [size, density, flow, palette]);
  return <canvas ref={canvas} />;
}

/** Answers how to stop it. */
function flowing(context: CanvasRenderingContext2D, pieces: Generator<undefined, void>): () => void {
  let frame = 0;
  const goOn = (): void => {
    const began = performance.now();
    let left = true;
    while (left && performance.now() - began < budget) {
      left = pieces.next().done !== true;
      // Canvases put off their work until somebody looks; only then does the clock tell what it took.
      context.getImageData(0, 0, 1, 1);
    }
    if (left) frame = requestAnimationFrame(goOn);
  };
  goOn();
  return () => cancelAnimationFrame(frame);
}
