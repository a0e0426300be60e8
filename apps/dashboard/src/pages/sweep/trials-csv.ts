/** A table of trials as rows of a file: the same columns, every digit. Pure. */

import type { TrialView } from '@sweep/api';
import { flattened } from '../../charts/maths/parallel-columns.js';
import { objectiveOf } from './values.js';

export type Sheet = readonly [header: readonly string[], rows: readonly (readonly unknown[])[]];

export function trialsCsv(trials: readonly TrialView[], columns: readonly { readonly id: string; readonly title: string }[]): Sheet {
  return [columns.map(({ title }) => title), trials.map((trial) => columns.map(({ id }) => cellOf(trial, id)))];
}

function cellOf(trial: TrialView, column: string): unknown {
  const [kind = '', ...rest] = column.split('.');
  const name = rest.join('.');
  switch (kind) {
    case 'objective':
      return objectiveOf(trial, Number(name));
    case 'params':
      return flattened(trial.params).get(name);
    case 'metrics':
      return trial.summary[name];
    case 'duration':
      return trial.durationSeconds;
    case 'created':
      return trial.createdAt;
    default:
      return trial[column as 'number' | 'state' | 'attempts' | 'id'];
  }
}
