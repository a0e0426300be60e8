/** The sweep at a glance: how it got better, which params matter, how they lie together, the best trials. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { History } from '../../charts/history.js';
import { Importance } from '../../charts/importance.js';
import { Pareto } from '../../charts/pareto.js';
import { bestQuery, insightQuery } from '../../data/sweep-queries.js';
import { Failed, Loaded, Loading } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { Table } from '../../ui/table.js';
import { ParallelPart } from './parallel-part.js';
import type { SweepParts } from './parts.js';
import { trialColumns } from './trial-columns.js';
import { objectiveOf } from './values.js';

export default function Overview(parts: SweepParts) {
  const { sweep, trials } = parts;
  const nothing = sweep.objective === null ? 'This sweep has no objective.' : `No trial has logged ${sweep.objective.name} yet.`;
  return (
    <div className="stack">
      <div className="two-charts">
        <HistoryPart {...parts} empty={nothing} />
        <ImportancePart {...parts} />
      </div>
      {sweep.objectives.length > 1 ? <ParetoPart {...parts} empty={nothing} /> : null}
      {trials.length === 0 ? null : <ParallelPart {...parts} />}
      <BestTrials {...parts} />
    </div>
  );
}

type WithEmpty = SweepParts & { readonly empty: string };

function HistoryPart({ sweep, trials, selection, empty }: WithEmpty) {
  const insight = useQuery(insightQuery(sweep.id));
  const { objective, best } = sweep;
  const points = useMemo(
    () => trials.map((trial) => ({ id: trial.id, number: trial.number, state: trial.state, value: objectiveOf(trial) })),
    [trials],
  );
  const outlook = insight.data?.outlook ?? null;
  const sign = objective?.goal === 'minimize' ? -1 : 1;
  const expected =
    // An ended sweep has no next trials.
    outlook === null || best === null || sweep.endedAt !== null
      ? null
      : { trials: outlook.trials, low: Number(best.value) + sign * outlook.low, high: Number(best.value) + sign * outlook.high };
  return (
    <History
      title={`${objective?.name ?? 'Objective'} by trial`}
      empty={empty}
      height={280}
      trials={points}
      objective={objective?.name ?? ''}
      goal={objective?.goal ?? 'minimize'}
      log={false}
      expected={expected}
      selection={selection}
    />
  );
}

function ImportancePart({ sweep }: SweepParts) {
  const insight = useQuery(insightQuery(sweep.id));
  const [{ x = null }, setParams] = useParamsInAddress();
  if (insight.error !== null) return <Failed what="which params matter" error={insight.error} onRetry={() => void insight.refetch()} />;
  if (insight.data === undefined) return <Loading what="which params matter" />;
  const { items, notes } = insight.data;
  return (
    <Importance
      title="Which params matter"
      height={280}
      empty={notes[0] ?? 'Too few trials have ended to tell.'}
      bars={items.map(({ param, share, importance, low, high, correlation }) => ({
        param,
        share: share ?? importance,
        low,
        high,
        correlation,
      }))}
      picked={x}
      onPick={(param) => setParams({ tab: 'space', x: param, y: undefined })}
    />
  );
}

function ParetoPart({ sweep, trials, selection, empty }: WithEmpty) {
  const best = useQuery(bestQuery(sweep.id));
  const front = new Set(best.data?.items.map(({ id }) => id));
  return (
    <Pareto
      title="Trade-off between objectives"
      empty={empty}
      height={320}
      objectives={sweep.objectives}
      trials={trials.map((trial) => ({
        id: trial.id,
        label: `Trial ${trial.number}`,
        state: trial.state,
        values: sweep.objectives.map((_, index) => objectiveOf(trial, index)),
        onFront: front.has(trial.id),
      }))}
      selection={selection}
    />
  );
}

const shownBest = 10;

function BestTrials({ sweep, selection }: SweepParts) {
  const best = useQuery(bestQuery(sweep.id));
  const items = best.data?.items;
  const columns = useMemo(() => trialColumns(sweep, items ?? []).filter(({ sort }) => sort !== 'state'), [sweep, items]);
  return (
    <section>
      <h2>{sweep.objectives.length > 1 ? 'No other trial beats these in everything' : 'Best trials'}</h2>
      <Loaded query={best} what="the best trials">
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">None yet: the first trial that has a result comes here.</p>
          ) : (
            <Table
              label="Best trials"
              columns={columns}
              rows={items.slice(0, shownBest)}
              picked={selection.selected}
              onPick={selection.pick}
            />
          )
        }
      </Loaded>
    </section>
  );
}
