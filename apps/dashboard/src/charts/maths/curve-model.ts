/** What of many curves is drawn: smoothed, with as many points as there are pixels, some as lines and the rest as a band. */
import type { Curve, MarkState } from '../chart-data.js';
import { type Band, bandOf, spread } from './band.js';
import { decimate, type Points } from './decimate.js';
import { type RobustRange, robustRange } from './robust-range.js';
import { extent, padded } from './scale.js';
import { smooth } from './smoothing.js';

/** More lines than this nobody can tell apart. */
const mostLines = 50;
/** Behind more lines than this the raw ones would be a fog. */
const mostRaw = 20;
const mostGaps = 200;

export interface DrawnCurve {
  readonly curve: Curve;
  readonly line: Points;
  /** As it was logged, where the line is smoothed. */
  readonly raw: Points | null;
  /** x where y is NaN or infinite. */
  readonly gaps: readonly number[];
}

export interface CurveEnd {
  readonly x: number;
  readonly y: number;
  readonly state: MarkState;
}

export interface CurveModel {
  readonly drawn: readonly DrawnCurve[];
  /** Of those that are not drawn as lines. */
  readonly band: Band | null;
  readonly banded: number;
  /** Where those of the band ended. */
  readonly ends: readonly CurveEnd[];
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly outside: RobustRange;
}

export interface CurveView {
  readonly smoothing: number;
  readonly xLog: boolean;
  readonly yLog: boolean;
  readonly zoom: readonly [number, number] | null;
  /** Also what lies far out. */
  readonly all: boolean;
  /** Drawn as lines whatever their number. */
  readonly front: ReadonlySet<string>;
  /** Stretches of x that can be told apart. */
  readonly pixels: number;
}

/** Null where there is no point that the axes can show. */
export function curveModel(curves: readonly Curve[], view: CurveView): CurveModel | null {
  const shown = curves.filter(({ x }) => x.length > 0);
  const x = view.zoom ?? xRangeOf(shown, view.xLog);
  if (x === null) return null;
  const smoothed = shown.map(({ y }) => (view.smoothing > 0 ? smooth(y, view.smoothing) : y));
  const seen = shown.map((curve, i) => (view.zoom === null ? smoothed[i]! : within(curve.x, smoothed[i]!, x)));
  const outside = robustRange(seen, view.yLog, view.all);
  if (outside === null) return null;
  const lines = linesOf(shown, view.front);
  const width = Math.max(1, Math.round(view.pixels));
  const drawn = shown.flatMap((curve, i) =>
    lines.has(curve.id) ? [drawnCurve(curve, smoothed[i]!, { view, x, width, raw: lines.size <= mostRaw })] : [],
  );
  const rest = shown.flatMap((curve, i) => (lines.has(curve.id) ? [] : [{ x: curve.x, y: smoothed[i]!, state: curve.state }]));
  return {
    drawn,
    band: rest.length === 0 ? null : bandOf(rest, spread(x, Math.min(400, width))),
    banded: rest.length,
    ends: rest.map((curve) => ({ x: curve.x[curve.x.length - 1]!, y: curve.y[curve.y.length - 1]!, state: curve.state })),
    x,
    y: padded(outside.range, view.yLog),
    outside,
  };
}

interface Drawing {
  readonly view: CurveView;
  readonly x: readonly [number, number];
  readonly width: number;
  readonly raw: boolean;
}

function drawnCurve(curve: Curve, smoothed: ArrayLike<number>, { view, x, width, raw }: Drawing): DrawnCurve {
  const behind = view.smoothing > 0 && (raw || view.front.has(curve.id));
  return {
    curve,
    line: decimate(curve.x, smoothed, x, width),
    raw: behind ? decimate(curve.x, curve.y, x, width) : null,
    gaps: gapsOf(curve),
  };
}

function gapsOf({ x, y }: Curve): readonly number[] {
  const gaps: number[] = [];
  for (let i = 0; i < y.length && gaps.length < mostGaps; i++) if (!Number.isFinite(y[i]!)) gaps.push(x[i]!);
  return gaps;
}

function xRangeOf(curves: readonly Curve[], log: boolean): readonly [number, number] | null {
  // Steps rise, so the ends are enough but for a log axis, which begins at the first that is above zero.
  const ends = curves.flatMap(({ x }) => (log ? Array.from(x) : [x[0]!, x[x.length - 1]!]));
  const range = extent(ends, log);
  if (range === null) return null;
  return range[0] === range[1] ? padded(range, log) : range;
}

function within(x: ArrayLike<number>, y: ArrayLike<number>, [low, high]: readonly [number, number]): ArrayLike<number> {
  return Float64Array.from({ length: y.length }, (_, i) => i)
    .filter((i) => x[i]! >= low && x[i]! <= high)
    .map((i) => y[i]!);
}

function linesOf(curves: readonly Curve[], front: ReadonlySet<string>): ReadonlySet<string> {
  if (curves.length <= mostLines) return new Set(curves.map(({ id }) => id));
  const lines = new Set(curves.filter(({ id }) => front.has(id)).map(({ id }) => id));
  for (const { id } of curves) {
    if (lines.size >= mostLines) break;
    lines.add(id);
  }
  return lines;
}
