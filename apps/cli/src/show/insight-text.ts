/** What matters in a sweep and what more trials would bring, for people. */
import type { InsightView } from '@sweep/api';
import { metric } from './value.js';

/** Beyond the strongest few nobody turns a knob. */
const mostShown = 5;

/** Rows for the fields of a sweep. */
export function insightRows({ items, outlook, notes }: InsightView): readonly (readonly [name: string, text: string])[] {
  const { trials, improvement, low, high } = outlook ?? { trials: 0, improvement: 0, low: 0, high: 0 };
  return [
    ['importance', items.slice(0, mostShown).map(importanceLine).join('\n')],
    [
      'outlook',
      outlook === null ? '' : `${trials} more trials: ${metric(improvement)} better expected (${metric(low)} to ${metric(high)} with 90 %)`,
    ],
    ['not yet', notes.join('\n')],
  ];
}

function importanceLine({ param, share, low, high, importance, correlation }: InsightView['items'][number]): string {
  if (share === null || low === null || high === null)
    return correlation === null ? `${param}: association ${metric(importance)}` : `${param}: rank correlation ${metric(correlation)}`;
  return `${param}: ${percent(share)} % (${percent(low)} to ${percent(high)} with 95 %)`;
}

const percent = (share: number): string => String(Math.round(100 * share));
