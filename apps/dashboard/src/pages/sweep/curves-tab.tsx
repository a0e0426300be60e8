/** How trials learned: one metric over steps, or over time, of all of them. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Curve } from '../../charts/chart-data.js';
import { Curves } from '../../charts/curves.js';
import { client } from '../../data/client.js';
import { begunTrialsQuery } from '../../data/sweep-queries.js';
import { Picker } from '../../ui/choice.js';
import { Empty, Failed, Loading } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import type { SweepParts } from './parts.js';
import { rungPlaces } from './rung-places.js';
import { metricNames } from './values.js';

const points = 300;
const noCurves = { downsampled: false, series: [] };
const refreshMs = 3_000;
const xAxes = [
  { id: 'step', label: 'step' },
  { id: 'time', label: 'time since its start' },
];
const smoothings = ['0', '0.5', '0.8', '0.9', '0.97'].map((id) => ({ id, label: id === '0' ? 'none' : id }));

export default function CurvesTab({ sweep, trials, selection }: SweepParts) {
  const objectives = useMemo(() => sweep.objectives.map(({ name }) => name), [sweep]);
  const begun = useQuery(begunTrialsQuery(sweep.id));
  const names = useMemo(() => metricNames(begun.data?.items ?? [], objectives), [begun.data, objectives]);
  const [{ metric: wanted = '', over = 'step', smooth = '0', ylog = '' }, setParams] = useParamsInAddress();
  const [zoom, setZoom] = useState<readonly [number, number] | null>(null);
  const metric = names.includes(wanted) ? wanted : (names[0] ?? '');
  const read = useQuery({
    queryKey: ['sweep', sweep.id, 'curves', metric],
    queryFn: () => client.sweepCurves(sweep.id, { keys: [metric], samples: points }),
    // What running trials log is no event.
    refetchInterval: sweep.counts.running > 0 ? refreshMs : false,
    enabled: metric !== '',
  });
  const curves = useMemo(() => {
    const byId = new Map(trials.map((trial) => [trial.id, trial]));
    return (read.data?.series ?? []).flatMap(({ run, steps, values, times }): readonly Curve[] => {
      const trial = byId.get(run ?? '');
      if (trial === undefined) return [];
      const began = times[0] ?? 0;
      const x = over === 'time' ? times.map((time) => time - began) : steps;
      return [{ id: trial.id, label: `Trial ${trial.number}`, x, y: values, state: trial.state }];
    });
  }, [read.data, trials, over]);
  // Rungs count values of the objective; over time each trial reaches them at a place of its own.
  const rungs = useMemo(
    () => (metric === sweep.objective?.name && over === 'step' ? rungPlaces(sweep.rungs, read.data ?? noCurves) : []),
    [metric, over, sweep, read.data],
  );
  if (begun.data === undefined) {
    return begun.error === null ? (
      <Loading what="curves" />
    ) : (
      <Failed what="curves" error={begun.error} onRetry={() => void begun.refetch()} />
    );
  }
  if (metric === '') return <Empty title="No curve yet">A metric appears here with its first logged value.</Empty>;
  if (read.error !== null) return <Failed what="curves" error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined) return <Loading what="curves" />;
  return (
    <section className="stack-small">
      <div className="row">
        <Picker
          label="Metric"
          choices={names.map((name) => ({ id: name, label: name }))}
          value={metric}
          onChange={(name) => setParams({ metric: name })}
        />
        <Picker label="over" choices={xAxes} value={over} onChange={(id) => setParams({ over: id })} />
        <Picker label="Smoothing" choices={smoothings} value={smooth} onChange={(id) => setParams({ smooth: id })} />
        <Picker
          label="Scale"
          choices={[
            { id: '', label: 'linear' },
            { id: '1', label: 'log' },
          ]}
          value={ylog}
          onChange={(id) => setParams({ ylog: id })}
        />
      </div>
      <Curves
        title={`${metric} of every trial`}
        empty={`No trial has logged ${metric} yet; logged so far: ${names.join(', ')}.`}
        height={440}
        curves={curves}
        x={
          over === 'time' ? { label: 'time since its start', kind: 'duration', log: false } : { label: 'step', kind: 'number', log: false }
        }
        yLog={ylog === '1'}
        smoothing={Number(smooth)}
        best={sweep.best?.run ?? null}
        rungs={rungs}
        syncKey={null}
        zoom={zoom}
        onZoom={setZoom}
        selection={selection}
      />
    </section>
  );
}
