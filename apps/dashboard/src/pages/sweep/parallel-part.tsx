/** Parallel coordinates of the trials that have a result. How they are arranged is kept in the address. */
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ParallelView } from '../../charts/chart-data.js';
import { parallelColumns } from '../../charts/maths/parallel-columns.js';
import { ParallelCoordinates } from '../../charts/parallel.js';
import type { Params } from '../../ui/params.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { filterOf, readView, writeView } from './parallel-view.js';
import type { SweepParts } from './parts.js';
import { objectiveOf, orNaN } from './values.js';

export function ParallelPart({ sweep, trials, selection }: SweepParts) {
  const [{ axes = '' }, setParams] = useParamsInAddress();
  const navigate = useNavigate();
  const { objective } = sweep;
  const shown = useMemo(() => (objective === null ? trials : trials.filter((trial) => objectiveOf(trial) !== null)), [trials, objective]);
  const columns = useMemo(
    () =>
      parallelColumns(
        shown,
        objective === null ? null : { name: objective.name, values: Float64Array.from(shown, (trial) => orNaN(objectiveOf(trial))) },
      ),
    [shown, objective],
  );
  const ids = useMemo(() => shown.map(({ id }) => id), [shown]);
  const view = useMemo(() => readView(axes, columns), [axes, columns]);
  // A step in the history: going back, the brushes are there again.
  const onShow = (): void => {
    const where = filterOf(view, columns, objective?.name ?? null) || undefined;
    void navigate({ to: '.', search: (({ trial }: Params) => ({ tab: 'trials', trial, where })) as never });
  };
  const onView = (next: ParallelView): void => setParams({ axes: writeView(next, columns) });
  return (
    <ParallelCoordinates
      title="Params and result of every trial"
      empty={`No trial has a result yet; they appear here with their ${objective?.name ?? 'objective'}.`}
      height={320}
      ids={ids}
      columns={columns}
      objective={objective}
      view={view}
      onView={onView}
      onShow={onShow}
      selection={selection}
    />
  );
}
