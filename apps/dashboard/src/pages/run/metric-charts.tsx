/** Charts of metrics in sections, for one run or for several laid over each other. Only what is in sight is read and drawn. */
import { useQuery } from '@tanstack/react-query';
import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ChartSelection, Curve, MarkState } from '../../charts/chart-data.js';
import { Curves } from '../../charts/curves.js';
import { alongAxis } from '../../charts/maths/curve-axis.js';
import { curvesQuery, type ReadCurves } from '../../data/run-queries.js';
import { Failed } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { type ChartLook, lookOf, zoomText } from './chart-look.js';
import { keyGroups, matching } from './key-groups.js';

export interface ChartedRun {
  readonly id: string;
  readonly label: string;
  readonly state: MarkState;
  /** Milliseconds since the epoch. */
  readonly began: number;
  readonly live: boolean;
}

/** Points a curve; more than there are pixels. */
const samples = 1_500;
/** As many as the controller gives. */
const mostSamples = 10_000;
const none: readonly number[] = [];

export interface MetricChartsProps {
  readonly runs: readonly ChartedRun[];
  readonly names: readonly string[];
  readonly look: ChartLook;
  /** By metric, the one that its program wants it drawn over. */
  readonly axes?: ReadonlyMap<string, string>;
  readonly selection: ChartSelection;
}

export function MetricCharts({ runs, names, look, axes, selection }: MetricChartsProps): ReactNode {
  const shown = matching(names, look.search);
  const groups = keyGroups(shown);
  if (groups.length === 0)
    return <p className="muted">No metric is called so. There are: {names.slice(0, 20).join(', ') || 'none yet'}.</p>;
  return groups.map(({ prefix, names: members }) => (
    <details key={prefix} className="run-section" open>
      <summary>
        <h2>{prefix}</h2> <span className="muted">{members.length}</span>
      </summary>
      <div className="chart-grid">
        {members.map((name) => (
          <InSight key={name} height={276}>
            <MetricChart runs={runs} name={name} look={look} own={axes?.get(name)} selection={selection} />
          </InSight>
        ))}
      </div>
    </details>
  ));
}

/** Made when it is first scrolled to, and kept. */
export function InSight({ height, children }: { readonly height: number; readonly children: ReactNode }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: '300px' },
    );
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} className="chart-cell" style={{ minHeight: height }}>
      {seen && children}
    </div>
  );
}

interface MetricChartProps {
  readonly runs: readonly ChartedRun[];
  readonly name: string;
  readonly look: ChartLook;
  readonly own: string | undefined;
  readonly selection: ChartSelection;
}

const MetricChart = memo(function MetricChart({ runs, name, look: ofPage, own, selection }: MetricChartProps): ReactNode {
  const [, set] = useParamsInAddress();
  const look = useMemo(() => lookOf(ofPage, own), [ofPage, own]);
  const { axis } = look;
  // A stretch of one axis is none of another: only charts over the axis of the page are zoomed together.
  const alone = axis !== ofPage.axis;
  const [zoomAlone, setZoomAlone] = useState<readonly [number, number] | null>(null);
  const query = useQuery(
    curvesQuery({
      runs: runs.map(({ id }) => id),
      names: axis.by === 'metric' ? [name, axis.name] : [name],
      // Thinned series keep different steps each, and could not be joined by them.
      samples: axis.by === 'metric' ? mostSamples : samples,
      live: runs.some(({ live }) => live),
    }),
  );
  const read = query.data?.series;
  const curves = useMemo(() => (read === undefined ? [] : curvesOf(runs, name, read, look)), [runs, name, read, axis]);
  const onZoom = useCallback(
    (zoom: readonly [number, number] | null) => (alone ? setZoomAlone(zoom) : set({ zoom: zoomText(zoom) })),
    [set, alone],
  );
  if (query.error !== null && read === undefined) return <Failed what={name} error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <Curves
      title={name}
      empty={query.isPending ? `Loading ${name} …` : emptyText(name, look)}
      curves={curves}
      x={look.x}
      yLog={look.yLog}
      smoothing={look.smoothing}
      best={null}
      rungs={none}
      syncKey={alone ? `page over ${look.x.label}` : 'page'}
      zoom={alone ? zoomAlone : look.zoom}
      onZoom={onZoom}
      selection={selection}
    />
  );
});

function emptyText(name: string, { axis, yLog }: ChartLook): string {
  if (axis.by === 'metric') return `\`${name}\` and \`${axis.name}\` were never logged at one step: choose another x axis`;
  return yLog ? `\`${name}\` has no value above zero: a log axis can show none` : `no \`${name}\` yet`;
}

function curvesOf(runs: readonly ChartedRun[], name: string, read: ReadCurves, { axis }: ChartLook): readonly Curve[] {
  const of = (run: string, metric: string) => read.find((one) => one.run === run && one.name === metric) ?? null;
  return runs.flatMap(({ id, label, state, began }) => {
    const series = of(id, name);
    if (series === null) return [];
    const other = axis.by === 'metric' ? of(id, axis.name) : null;
    return [{ id, label, state, ...alongAxis(series, axis, began, other) }];
  });
}
