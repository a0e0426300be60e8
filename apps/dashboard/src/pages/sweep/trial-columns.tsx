/** Columns of a table of trials: one for each param and each metric. */

import type { SweepView, TrialView } from '@sweep/api';
import { flattened } from '../../charts/maths/parallel-columns.js';
import { State } from '../../ui/state.js';
import type { Column } from '../../ui/table.js';
import { Duration, Num, Time, Value } from '../../ui/value.js';
import { metricNames, objectiveOf, paramNames } from './values.js';

/** Names of columns are those of the filter's language. */
export function trialColumns(sweep: SweepView, trials: readonly TrialView[]): readonly Column<TrialView>[] {
  const objectives = sweep.objectives.map(({ name }) => name);
  return [
    { id: 'number', title: 'Trial', width: 78, numeric: true, sort: 'number', cell: ({ number }) => number },
    {
      id: 'state',
      title: 'State',
      width: 108,
      sort: 'state',
      cell: ({ state, reason, waitingFor }) => <State state={state} title={reason ?? waitingFor} />,
    },
    ...objectives.map((name, index) => objectiveColumn(name, index, sweep)),
    ...paramNames(trials).map(paramColumn),
    ...metricNames(trials, objectives)
      .filter((name) => !objectives.includes(name))
      .map(metricColumn),
    {
      id: 'duration',
      title: 'Took',
      width: 84,
      numeric: true,
      sort: 'duration',
      cell: ({ durationSeconds }) => <Duration ms={durationSeconds === null ? null : durationSeconds * 1000} />,
    },
    { id: 'attempts', title: 'Tries', width: 60, numeric: true, cell: ({ attempts }) => attempts },
    { id: 'created', title: 'Proposed', width: 96, cell: ({ createdAt }) => <Time at={createdAt} /> },
    { id: 'id', title: 'Id', width: 88, cell: ({ id }) => <span className="mono">{id}</span> },
  ];
}

const widest = 200;
/** Room for the title, and for a number of four digits. */
const widthOf = (title: string): number => Math.min(widest, Math.max(98, 30 + title.length * 7.5));

function objectiveColumn(name: string, index: number, { best }: SweepView): Column<TrialView> {
  return {
    id: `objective.${index}`,
    title: name,
    width: widthOf(name),
    numeric: true,
    ...(index === 0 ? { sort: 'objective' } : {}),
    cell: (trial) => (
      <span className={index === 0 && trial.number === best?.trial ? 'best' : undefined}>
        <Num value={objectiveOf(trial, index)} />
      </span>
    ),
  };
}

function paramColumn(name: string): Column<TrialView> {
  return {
    id: `params.${name}`,
    title: name,
    width: widthOf(name),
    numeric: true,
    sort: `params.${quoted(name)}`,
    cell: ({ params }) => <Value value={flattened(params).get(name)} />,
  };
}

function metricColumn(name: string): Column<TrialView> {
  return {
    id: `metrics.${name}`,
    title: name,
    width: widthOf(name),
    numeric: true,
    sort: `metrics.${quoted(name)}`,
    cell: ({ summary }) => <Num value={summary[name]} />,
  };
}

/** Names that are no words stand in backquotes. */
const quoted = (name: string): string => (/^[\w.]+$/.test(name) ? name : `\`${name}\``);
