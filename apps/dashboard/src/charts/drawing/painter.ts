/**
 * What a chart draws with: the same calls make the picture on the screen and the one in an exported file.
 *
 * Owns the verbs. On the screen they are canvas-painter.ts, in a file svg-painter.ts. Lengths are CSS pixels.
 */

export interface Stroke {
  readonly colour: string;
  readonly width?: number;
  readonly alpha?: number;
  readonly dash?: readonly number[];
}

export interface Fill {
  readonly colour: string;
  readonly alpha?: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Lettering {
  readonly colour: string;
  readonly size?: number;
  readonly align?: 'left' | 'center' | 'right';
  readonly baseline?: 'top' | 'middle' | 'bottom';
  readonly bold?: boolean;
  /** Written upwards, turned about its place. */
  readonly upwards?: boolean;
}

/** x and y by turns; where one is not finite the line is broken. */
export type Path = ArrayLike<number>;

export interface Painter {
  line(path: Path, stroke: Stroke): void;
  /** Closed and filled. */
  area(path: Path, fill: Fill): void;
  rectangle(box: Box, fill: Fill): void;
  frame(box: Box, stroke: Stroke): void;
  disc(x: number, y: number, radius: number, fill: Fill): void;
  ring(x: number, y: number, radius: number, stroke: Stroke): void;
  text(text: string, x: number, y: number, lettering: Lettering): void;
  widthOf(text: string, lettering?: Pick<Lettering, 'size' | 'bold'>): number;
  within(box: Box, draw: () => void): void;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
export const usualSize = 11;

export const fontOf = ({ size = usualSize, bold = false }: Pick<Lettering, 'size' | 'bold'> = {}): string =>
  `${bold ? '600 ' : ''}${size}px ${fontFamily}`;
