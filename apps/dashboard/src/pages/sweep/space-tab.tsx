/** The space that is searched: the result along one param, or over two. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AxisLook, CategoryLook, ParallelColumn, ScatterPoint } from '../../charts/chart-data.js';
import { Contour } from '../../charts/contour.js';
import { looksLogarithmic, parallelColumns } from '../../charts/maths/parallel-columns.js';
import { Slice } from '../../charts/slice.js';
import { sliceQuery } from '../../data/sweep-queries.js';
import { Picker } from '../../ui/choice.js';
import { Empty, Failed } from '../../ui/panels.js';
import { useParamsInAddress } from '../../ui/search-params.js';
import { gridOf, modelOf } from './model-cut.js';
import type { SweepParts } from './parts.js';
import { objectiveOf, orNaN } from './values.js';

export default function SpaceTab({ sweep, trials, selection }: SweepParts) {
  const [{ x: wantedX = '', y: wantedY = '' }, setParams] = useParamsInAddress();
  const shown = useMemo(() => trials.filter((trial) => objectiveOf(trial) !== null), [trials]);
  const columns = useMemo(() => parallelColumns(shown, null), [shown]);
  const x = columns.find(({ name }) => name === wantedX) ?? columns[0];
  const y = columns.find(({ name }) => name === wantedY && name !== x?.name);
  const { objective, best } = sweep;
  const read = useQuery({ ...sliceQuery(sweep.id, x?.name ?? '', y?.name ?? null), enabled: x !== undefined });
  const cut = read.data?.slice ?? null;
  if (x === undefined || objective === null) {
    return <Empty title="Nothing to show yet">A param appears here when it varies between trials that have a result.</Empty>;
  }
  const values = shown.map((trial) => orNaN(objectiveOf(trial)));
  const points = shown.map(
    (trial, index): ScatterPoint => ({
      id: trial.id,
      label: `Trial ${trial.number}`,
      x: x.values[index]!,
      y: y === undefined ? values[index]! : y.values[index]!,
      state: trial.state,
    }),
  );
  const chart = {
    empty: `No trial has logged ${objective.name} yet.`,
    height: 420,
    points,
    x: lookOf(x, cut?.x.scale),
    best: best?.run ?? null,
    selection,
  };
  const names = columns.map(({ name }) => ({ id: name, label: name }));
  return (
    <section className="stack-small">
      <div className="row">
        <Picker label="Along" choices={names} value={x.name} onChange={(name) => setParams({ x: name })} />
        <Picker
          label="and"
          choices={[{ id: '', label: `${objective.name} only` }, ...names.filter(({ id }) => id !== x.name)]}
          value={y?.name ?? ''}
          onChange={(name) => setParams({ y: name || undefined })}
        />
      </div>
      {y === undefined ? (
        <Slice
          {...chart}
          title={`${objective.name} along ${x.name}`}
          y={{ label: objective.name, kind: 'number', log: looksLogarithmic(values) }}
          model={cut === null ? null : modelOf(cut, x)}
        />
      ) : (
        <Contour
          {...chart}
          title={`${objective.name} over ${x.name} and ${y.name}`}
          y={lookOf(y, cut?.y?.scale)}
          grid={cut === null ? null : gridOf(cut, x, y)}
          objective={objective.name}
          goal={objective.goal}
        />
      )}
      {read.error === null ? (
        <p className="muted">{read.isPending ? 'Loading the model …' : (read.data?.note ?? legendOf(cut, y !== undefined))}</p>
      ) : (
        <Failed what="the model" error={read.error} onRetry={() => void read.refetch()} />
      )}
    </section>
  );
}

const meanAndRange = "The model's mean and the range in which it lies with 95 %";
const meanAndDoubt = "The model's mean, faded where the model is unsure";

const legendOf = (cut: object | null, overTwo: boolean): string =>
  cut === null ? '' : `${overTwo ? meanAndDoubt : meanAndRange}, all other params as in the best trial.`;

/** @param scale the param's own, where the model says it */
function lookOf(column: ParallelColumn, scale: string | undefined): AxisLook | CategoryLook {
  return column.kind === 'category'
    ? { label: column.name, kind: 'category', levels: column.levels }
    : { label: column.name, kind: 'number', log: scale === undefined ? column.log : scale === 'log' };
}
