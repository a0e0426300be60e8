/** What the machine did while the run went on. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { seriesQuery } from '../../data/run-queries.js';
import { Empty, Loaded } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { lookIn } from './chart-look.js';
import { isAlive, markOf, useLocalSelection } from './local-selection.js';
import { MetricCharts } from './metric-charts.js';
import type { RunPart } from './run-part.js';

export default function SystemTab({ run, live }: RunPart): ReactNode {
  const query = useQuery(seriesQuery(run.id, live));
  const [params] = useParamsInAddress();
  // Measured by the clock, not by steps.
  const look = useMemo(() => lookIn({ q: params['q'], zoom: params['zoom'], x: 'relative' }), [params]);
  const selection = useLocalSelection();
  const runs = useMemo(
    () => [{ id: run.id, label: run.name || run.id, state: markOf(run.state), began: Date.parse(run.createdAt), live: isAlive(run.state) }],
    [run.id, run.name, run.state, run.createdAt],
  );
  return (
    <Loaded query={query} what="its system metrics">
      {({ items }) => {
        const names = items.filter(({ system }) => system).map(({ name }) => name);
        if (names.length === 0)
          return <Empty title="No system metrics">The wandb client sends them every 15 seconds while a run goes on.</Empty>;
        return <MetricCharts runs={runs} names={names} look={look} selection={selection} />;
      }}
    </Loaded>
  );
}
