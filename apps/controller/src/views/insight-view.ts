/** What matters in a sweep and what more trials would bring, as the API shows it. Pure; the mathematics is in sampling/insight.ts. */
import type { InsightView } from '@sweep/api';
import type { SweepSpec, Trial } from '@sweep/domain';
import { fewestForEffects, fewestForOutlook } from '@sweep/optimizer';
import type { Insight } from '../sampling/insight.js';
import { fewestSamples, importances } from './importance.js';

/** @param trials the completed ones */
export function insightView(spec: SweepSpec, trials: readonly Pick<Trial, 'params' | 'values'>[], insight: Insight): InsightView {
  const samples = trials.flatMap(({ params, values: [value] }) => (value === null || value === undefined ? [] : [{ params, value }]));
  const names = new Map(spec.space.parameters.map(({ key, path }) => [key, path.join('.')]));
  const effects = new Map(insight.effects.map(({ key, ...effect }) => [names.get(key), effect]));
  const unknown = { share: null, low: null, high: null };
  const items = importances(samples).map((one) => ({ ...one, ...(effects.get(one.param) ?? unknown) }));
  // Without shares all are alike, and the order by ranks stays.
  const sorted = items.toSorted((a, b) => (b.share ?? -1) - (a.share ?? -1));
  return { items: sorted, nextCursor: null, total: sorted.length, outlook: insight.outlook, notes: notesOn(spec, samples.length, insight) };
}

function notesOn({ objectives: [objective] }: SweepSpec, samples: number, { effects, outlook, results }: Insight): string[] {
  if (objective === undefined) return ['the sweep names no metric: there is nothing that a parameter could matter to'];
  const missing = (what: string, fewest: number, count: number): string =>
    count < fewest
      ? `${what} from ${fewest} completed trials with a finite \`${objective.name}\` on; there are ${count}`
      : `${what} only where the space leaves a choice and the results differ`;
  return [
    ...(samples < fewestSamples ? [missing('rank correlations can be told', fewestSamples, samples)] : []),
    ...(effects.length === 0 ? [missing('shares can be told', fewestForEffects, results)] : []),
    ...(outlook === null ? [missing('what more trials would bring can be told', fewestForOutlook, results)] : []),
  ];
}
