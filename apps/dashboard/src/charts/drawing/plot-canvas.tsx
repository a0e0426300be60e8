/**
 * Two layers of canvas as large as their place: the picture, drawn when it changes, and above it what follows the pointer.
 *
 * Owns size, density and pointer places. What is drawn is its owner's.
 */
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Picture } from './export-files.js';
import { prepared } from './layers.js';
import { LineLayer, type LinePicture } from './line-layer.js';
import type { Size } from './painter.js';
import { usePalette } from './palette.js';

export interface PlotPointer {
  readonly at: readonly [number, number];
  readonly shift: boolean;
  /** A button is held. */
  readonly down: boolean;
}

export interface PlotCanvasProps {
  readonly picture: Picture;
  /** A layer between the two. */
  readonly lines?: LinePicture | null;
  readonly overlay?: Picture;
  readonly onSize: (size: Size) => void;
  readonly onMove?: (pointer: PlotPointer) => void;
  readonly onDown?: (pointer: PlotPointer) => void;
  readonly onUp?: (pointer: PlotPointer) => void;
  readonly onLeave?: () => void;
  readonly onDoubleClick?: () => void;
  /** @param turned of the wheel; the page does not scroll when it answers true */
  readonly onWheel?: (turned: number, pointer: PlotPointer) => boolean;
  readonly cursor?: string | undefined;
  readonly children?: ReactNode;
}

export function PlotCanvas(props: PlotCanvasProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [size, density] = useSize(place, props.onSize);
  const base = useLayer(size, density, props.picture);
  const above = useLayer(size, density, props.overlay);
  useWheel(place, props.onWheel);
  const pointer = (event: React.PointerEvent): PlotPointer => pointerOf(event, place.current!);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the frame around it has the role, and the keys that do the same
    <div
      ref={place}
      className="plot-canvas"
      style={{ cursor: props.cursor }}
      onPointerMove={(event) => props.onMove?.(pointer(event))}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        if (props.onUp !== undefined) event.currentTarget.setPointerCapture(event.pointerId);
        props.onDown?.(pointer(event));
      }}
      onPointerUp={(event) => props.onUp?.(pointer(event))}
      onPointerLeave={() => props.onLeave?.()}
      onDoubleClick={() => props.onDoubleClick?.()}
    >
      <canvas ref={base} />
      {props.lines ? <LineLayer size={size} density={density} picture={props.lines} /> : null}
      <canvas ref={above} />
      {props.children}
    </div>
  );
}

function pointerOf(event: MouseEvent | React.PointerEvent, place: HTMLElement): PlotPointer {
  const { left, top } = place.getBoundingClientRect();
  return { at: [event.clientX - left, event.clientY - top], shift: event.shiftKey, down: (event.buttons & 1) === 1 };
}

function useSize(place: RefObject<HTMLDivElement | null>, onSize: (size: Size) => void): readonly [Size | null, number] {
  const [size, setSize] = useState<Size | null>(null);
  const [density, setDensity] = useState(() => window.devicePixelRatio);
  const told = useRef(onSize);
  told.current = onSize;
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {};
      if (width < 1 || height < 1) return;
      setSize({ width, height });
      told.current({ width, height });
    });
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, [place]);
  useEffect(() => {
    const query = window.matchMedia(`(resolution: ${density}dppx)`);
    const changed = () => setDensity(window.devicePixelRatio);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, [density]);
  return [size, density];
}

function useLayer(size: Size | null, density: number, picture: Picture | undefined): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const palette = usePalette();
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined || size === null) return;
    const painter = prepared(context, size, density);
    picture?.(painter, size, palette);
  }, [size, density, picture, palette]);
  return canvas;
}

/** React listens to wheels passively and could not keep the page from scrolling. */
function useWheel(place: RefObject<HTMLDivElement | null>, onWheel: PlotCanvasProps['onWheel']): void {
  const told = useRef(onWheel);
  told.current = onWheel;
  useEffect(() => {
    const element = place.current!;
    const turned = (event: WheelEvent): void => {
      if (told.current?.(event.deltaY, pointerOf(event, element)) === true) event.preventDefault();
    };
    element.addEventListener('wheel', turned, { passive: false });
    return () => element.removeEventListener('wheel', turned);
  }, [place]);
}
