/** Parallel coordinates of the trials that have a result. How they are arranged is kept in the address. */
import { useMemo } from 'react';
import type { ParallelView } from '../../charts/chart-data.js';
import { parallelColumns } from '../../charts/maths/parallel-columns.js';
import { ParallelCoordinates } from '../../charts/parallel.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { readView, writeView } from './parallel-view.js';
import type { SweepParts } from './parts.js';
import { objectiveOf, orNaN } from './values.js';

export function ParallelPart({ sweep, trials, selection }: SweepParts) {
  const [{ axes = '' }, setParams] = useParamsInAddress();
  const shown = useMemo(() => trials.filter((trial) => objectiveOf(trial) !== null), [trials]);
  const { objective } = sweep;
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
      selection={selection}
    />
  );
}
