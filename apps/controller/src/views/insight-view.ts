/** What matters in a sweep and what more trials would bring, as the API shows it. Pure; the mathematics is in sampling/insight.ts. */
import type { InsightView } from '@sweep/api';
import type { SweepSpec } from '@sweep/domain';
import { fewestForEffects, fewestForOutlook } from '@sweep/optimizer';
import { fewestSamples } from '../sampling/importance.js';
import type { Insight } from '../sampling/insight.js';

export function insightView(spec: SweepSpec, insight: Insight): InsightView {
  const names = new Map(spec.space.parameters.map(({ key, path }) => [key, path.join('.')]));
  const effects = new Map(insight.effects.map(({ key, ...effect }) => [names.get(key), effect]));
  const unknown = { share: null, low: null, high: null };
  const items = insight.ranks.map((one) => ({ ...one, ...(effects.get(one.param) ?? unknown) }));
  // Without shares all are alike, and the order by ranks stays.
  const sorted = items.toSorted((a, b) => (b.share ?? -1) - (a.share ?? -1));
  return { items: sorted, nextCursor: null, total: sorted.length, outlook: insight.outlook, notes: notesOn(spec, insight) };
}

function notesOn({ objectives: [objective] }: SweepSpec, { samples, effects, outlook, results }: Insight): string[] {
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
