/** Curves of everything that was measured, histograms over steps, and the charts that the program asked for. */
import type { RunSeriesView } from '@sweep/api';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { HistogramOverSteps } from '../../charts/histogram.js';
import { mediaQuery, seriesQuery } from '../../data/run-queries.js';
import { Empty, Failed, Loaded } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { ChartLookBar, lookIn } from './chart-look.js';
import { CustomChart } from './custom-chart.js';
import { chartRequest } from './custom-charts.js';
import { matching } from './key-groups.js';
import { isAlive, markOf, useLocalSelection } from './local-selection.js';
import { histogramIn } from './media-values.js';
import { InSight, MetricCharts } from './metric-charts.js';
import type { RunPart } from './run-part.js';

export default function ChartsTab({ run, live }: RunPart): ReactNode {
  const query = useQuery(seriesQuery(run.id, live));
  const [params] = useParamsInAddress();
  const look = useMemo(() => lookIn(params), [params]);
  const selection = useLocalSelection();
  const runs = useMemo(
    () => [{ id: run.id, label: run.name || run.id, state: markOf(run.state), began: Date.parse(run.createdAt), live: isAlive(run.state) }],
    [run.id, run.name, run.state, run.createdAt],
  );
  const custom = run.charts.flatMap(({ key, panel }) => chartRequest(key, panel) ?? []);
  return (
    <Loaded query={query} what="its metrics">
      {({ items }) => {
        const own = items.filter(
          ({ system, hidden, name }) => !system && !hidden && name !== '_step' && name !== '_runtime' && name !== '_timestamp',
        );
        const names = own.filter(({ kind }) => kind === 'number').map(({ name }) => name);
        const axes = axesOf(items);
        const histograms = own.filter(({ kind }) => kind === 'histogram').map(({ name }) => name);
        if (names.length + histograms.length + custom.length === 0) return <NothingYet live={live} />;
        return (
          <>
            <ChartLookBar look={look} metrics={names} hasOwnAxes={axes.size > 0} />
            {custom.length > 0 && (
              <Section title="Custom charts" items={custom} keyOf={({ key }) => key} height={256}>
                {(request) => <CustomChart run={run.id} request={request} live={live} />}
              </Section>
            )}
            {names.length > 0 && <MetricCharts runs={runs} names={names} look={look} axes={axes} selection={selection} />}
            {histograms.length > 0 && (
              <Section title="Histograms" items={matching(histograms, look.search)} keyOf={(name) => name} height={276}>
                {(name) => <LoggedHistogram run={run.id} name={name} live={live} />}
              </Section>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

/** What a program defined counts where the axis was logged, hidden or not. */
function axesOf(items: readonly RunSeriesView[]): ReadonlyMap<string, string> {
  const numbers = new Set(items.filter(({ kind }) => kind === 'number').map(({ name }) => name));
  return new Map(
    items.flatMap(({ name, axis }) => (axis !== null && axis !== name && axis !== '_step' && numbers.has(axis) ? [[name, axis]] : [])),
  );
}

function NothingYet({ live }: { readonly live: boolean }): ReactNode {
  return (
    <Empty title={live ? 'Nothing measured yet' : 'Nothing was measured'}>
      A line <code>{'{"step": 1, "loss": 0.5}'}</code> in the file <code>$SWEEP_METRICS</code>, or <code>wandb.log({'{"loss": 0.5}'})</code>
      , draws a curve here.
    </Empty>
  );
}

interface SectionProps<T> {
  readonly title: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** CSS pixels of one, drawn when it comes into sight. */
  readonly height: number;
  readonly children: (item: T) => ReactNode;
}

function Section<T>({ title, items, keyOf, height, children }: SectionProps<T>): ReactNode {
  return (
    <details className="run-section" open>
      <summary>
        <h2>{title}</h2> <span className="muted">{items.length}</span>
      </summary>
      <div className="chart-grid">
        {items.map((item) => (
          <InSight key={keyOf(item)} height={height}>
            {children(item)}
          </InSight>
        ))}
      </div>
    </details>
  );
}

function LoggedHistogram({ run, name, live }: { readonly run: string; readonly name: string; readonly live: boolean }): ReactNode {
  const query = useQuery(mediaQuery(run, [name], live));
  const histograms = useMemo(() => (query.data?.items ?? []).flatMap(({ step, value }) => histogramIn(value, step) ?? []), [query.data]);
  if (query.error !== null && query.data === undefined)
    return <Failed what={name} error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <HistogramOverSteps
      title={name}
      empty={query.isPending ? `Loading ${name} …` : `no histogram of \`${name}\` yet`}
      histograms={histograms}
    />
  );
}
