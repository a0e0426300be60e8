/**
 * What the charts are given: plain data in, ids out. A chart never fetches, and knows neither trials nor runs beyond what stands here.
 *
 * Owns shapes only. Absent numbers are NaN in columns and null in single places.
 */

/** States of trials; those of runs without one are mapped to the nearest by the caller. */
export type MarkState = 'queued' | 'running' | 'stopping' | 'completed' | 'pruned' | 'failed' | 'cancelled';
export type Goal = 'minimize' | 'maximize';

/** One selection for the whole page; ids of trials or runs. Shift adds, Esc clears: the chart answers with the new selection, complete. */
export interface ChartSelection {
  readonly selected: readonly string[];
  readonly hovered: string | null;
  readonly onSelect: (ids: readonly string[]) => void;
  readonly onHover: (id: string | null) => void;
}

export interface ChartHeading {
  readonly title: string;
  readonly unit?: string | undefined;
  /** What would fill the chart and how, shown while it has nothing to draw. */
  readonly empty: string;
  /** CSS pixels of the drawing. */
  readonly height?: number | undefined;
}

/** An axis that shows numbers; `date` is milliseconds since the epoch, `duration` milliseconds. */
export interface AxisLook {
  readonly label: string;
  readonly kind: 'number' | 'date' | 'duration';
  readonly log: boolean;
}

/** An axis of levels instead: its values are places in `levels`. */
export interface CategoryLook {
  readonly label: string;
  readonly kind: 'category';
  readonly levels: readonly string[];
}

export interface Curve {
  readonly id: string;
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly state: MarkState;
}

export interface CurvesProps extends ChartHeading {
  readonly curves: readonly Curve[];
  readonly x: AxisLook;
  readonly yLog: boolean;
  /** Weight of what came before, 0 … 0.999; 0 draws what was logged. */
  readonly smoothing: number;
  /** Drawn in front, 2 px. */
  readonly best: string | null;
  /** Places along x where trials are compared. */
  readonly rungs: readonly number[];
  /** Charts with one key zoom together and share the crosshair. */
  readonly syncKey: string | null;
  readonly zoom: readonly [number, number] | null;
  readonly onZoom: (zoom: readonly [number, number] | null) => void;
  readonly selection: ChartSelection;
}

export interface HistoryTrial {
  readonly id: string;
  readonly number: number;
  readonly state: MarkState;
  readonly value: number | null;
}

export interface HistoryProps extends ChartHeading {
  readonly trials: readonly HistoryTrial[];
  readonly objective: string;
  readonly goal: Goal;
  readonly log: boolean;
  /** Where the best value is expected to be after so many more trials, within these bounds. */
  readonly expected: { readonly trials: number; readonly low: number; readonly high: number } | null;
  readonly selection: ChartSelection;
}

/** One axis of parallel coordinates: numbers (NaN where a trial has none), or places in `levels` (-1 where it has none). */
export type ParallelColumn =
  | { readonly name: string; readonly kind: 'number'; readonly log: boolean; readonly values: ArrayLike<number> }
  | { readonly name: string; readonly kind: 'category'; readonly levels: readonly string[]; readonly values: ArrayLike<number> };

/** Ranges are in the axis's own numbers; of a category, places of levels. */
export interface ParallelView {
  readonly order: readonly string[];
  readonly flipped: readonly string[];
  readonly log: readonly string[];
  readonly brushes: Readonly<Record<string, readonly [number, number]>>;
}

export interface ParallelProps extends ChartHeading {
  readonly ids: readonly string[];
  /** As long as `ids` each; the objective last. */
  readonly columns: readonly ParallelColumn[];
  /** Name of the column that colours the lines. */
  readonly objective: { readonly name: string; readonly goal: Goal } | null;
  readonly view: ParallelView;
  readonly onView: (view: ParallelView) => void;
  /** What the brushes let pass is wanted as a table. */
  readonly onShow: () => void;
  readonly selection: ChartSelection;
}

export interface ScatterPoint {
  readonly id: string;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly state: MarkState;
}

export interface ScatterProps extends ChartHeading {
  readonly points: readonly ScatterPoint[];
  readonly x: AxisLook | CategoryLook;
  readonly y: AxisLook | CategoryLook;
  readonly best: string | null;
  readonly selection: ChartSelection;
}

/** What a model of the results says along one parameter, the others held at the best trial's. */
export interface SliceModel {
  readonly x: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

export interface SliceProps extends ScatterProps {
  readonly model: SliceModel | null;
}

/** Row by row: value (i, j) stands at `j * xs.length + i`. */
export interface ContourGrid {
  readonly xs: ArrayLike<number>;
  readonly ys: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
  readonly deviation: ArrayLike<number>;
}

export interface ContourProps extends ScatterProps {
  readonly grid: ContourGrid | null;
  readonly objective: string;
  readonly goal: Goal;
}

export interface ImportanceBar {
  readonly param: string;
  /** Share of what the objective varies by, 0 … 1. */
  readonly share: number;
  /** Within which the share lies with 95 %. */
  readonly low: number | null;
  readonly high: number | null;
  readonly correlation: number | null;
}

export interface ImportanceProps extends ChartHeading {
  readonly bars: readonly ImportanceBar[];
  readonly picked: string | null;
  readonly onPick: (param: string) => void;
}

export interface ParetoTrial {
  readonly id: string;
  readonly label: string;
  readonly state: MarkState;
  /** One an objective, in their order. */
  readonly values: readonly (number | null)[];
  readonly onFront: boolean;
}

export interface ParetoProps extends ChartHeading {
  readonly trials: readonly ParetoTrial[];
  readonly objectives: readonly { readonly name: string; readonly goal: Goal }[];
  readonly selection: ChartSelection;
}

export interface TimelineBar {
  readonly id: string;
  readonly label: string;
  readonly agent: string;
  readonly slot: number;
  readonly state: MarkState;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** Null: it still runs. */
  readonly end: number | null;
}

export interface TimelineProps extends ChartHeading {
  readonly bars: readonly TimelineBar[];
  /** Slots to show even while they have no bar. */
  readonly lanes: readonly { readonly agent: string; readonly slot: number }[];
  readonly now: number;
  /** It is over: `now` is when it ended. */
  readonly ended: boolean;
  readonly selection: ChartSelection;
}

export interface StepHistogram {
  readonly step: number;
  /** One more than `counts`. */
  readonly edges: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

export interface HistogramProps extends ChartHeading {
  readonly histograms: readonly StepHistogram[];
}
