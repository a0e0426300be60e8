/** What programs of W&B's client logged, from the documents and lines that are kept of it. Pure; broken text is nothing, not an error. */
import type { RunMediaView, RunSeriesView } from '@sweep/api';
import type { LastValue } from '@sweep/store';
import { definedMetrics, definitionOf } from '@sweep/wandb';
import { isoTimeOrNull } from './time.js';

type Values = Readonly<Record<string, unknown>>;

/** Python writes NaN and the infinities as bare words: outside of texts they become texts. Null: not an object. */
export function valuesIn(text: string | null): Values | null {
  if (text === null) return null;
  try {
    const read: unknown = JSON.parse(
      text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (found) => (found.startsWith('"') ? found : `"${found}"`)),
    );
    return isValues(read) ? read : null;
  } catch {
    // Anybody may have sent it.
    return null;
  }
}

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);
const ofMachine = /^system[/.]/;
/** What the client adds to every line. */
const own: ReadonlySet<string> = new Set(['_step', '_timestamp', '_runtime']);

export interface LoggedDocuments {
  /** Which kinds of values were logged under which name. */
  readonly historyKeys: string | null;
  /** As the client sent it: it holds what the program defined its metrics to be. */
  readonly configDocument: string | null;
}

export function seriesOf(last: readonly LastValue[], { historyKeys, configDocument }: LoggedDocuments): readonly RunSeriesView[] {
  const measured = last.map(({ name, value, min, max, count }) => ({
    name,
    kind: 'number',
    system: ofMachine.test(name),
    points: count,
    last: Number.isFinite(value) ? value : (String(value) as 'NaN'),
    min,
    max,
  }));
  const known = new Set(last.map(({ name }) => name));
  const keys = valuesIn(historyKeys)?.['keys'];
  const others = Object.entries(isValues(keys) ? keys : {}).flatMap(([name, entry]) => {
    const logged = known.has(name) || own.has(name) ? null : kindOf(entry);
    return logged === null ? [] : [{ name, ...logged, system: ofMachine.test(name), last: null, min: null, max: null }];
  });
  const defined = configDocument === null ? [] : definedMetrics(configDocument);
  return [...measured, ...others]
    .map((one) => {
      const definition = definitionOf(one.name, defined);
      return { ...one, axis: definition?.stepMetric ?? null, hidden: definition?.hidden ?? false };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The kind that was logged most often. */
function kindOf(entry: unknown): { readonly kind: string; readonly points: number } | null {
  const counts = isValues(entry) && Array.isArray(entry['typeCounts']) ? (entry['typeCounts'] as readonly unknown[]) : [];
  const kinds = counts.flatMap((one) =>
    isValues(one) && typeof one['type'] === 'string' && one['type'] !== 'nil'
      ? [{ kind: one['type'], points: Number(one['count'] ?? 0) }]
      : [],
  );
  const [most] = kinds.sort((a, b) => b.points - a.points);
  return most === undefined ? null : { ...most, kind: most.kind === 'string' ? 'text' : most.kind };
}

/** Objects with a `_type` in one line of history, nested dicts by dotted names. @param keys null: all */
export function mediaIn(line: string, keys: ReadonlySet<string> | null): readonly RunMediaView[] {
  // Most lines hold numbers alone, and are not read for that.
  if (!line.includes('"_type"')) return [];
  const values = valuesIn(line);
  if (values === null) return [];
  const step = typeof values['_step'] === 'number' ? values['_step'] : 0;
  const seconds = values['_timestamp'];
  const at = isoTimeOrNull(typeof seconds === 'number' ? seconds * 1000 : null);
  return [...mediaWithin(values, '')].filter(([key]) => keys === null || keys.has(key)).map(([key, value]) => ({ key, step, at, value }));
}

function* mediaWithin(values: Values, prefix: string): Generator<readonly [string, Values]> {
  for (const [name, value] of Object.entries(values)) {
    if (!isValues(value)) continue;
    if (typeof value['_type'] === 'string') yield [prefix + name, value];
    else yield* mediaWithin(value, `${prefix}${name}.`);
  }
}

/** `config._wandb.value.visualize`: what a program asked to be drawn. */
export function chartsIn(configDocument: string | null): readonly { readonly key: string; readonly panel: unknown }[] {
  const own = valuesIn(configDocument)?.['_wandb'];
  const value = isValues(own) ? own['value'] : null;
  const charts = isValues(value) ? value['visualize'] : null;
  return Object.entries(isValues(charts) ? charts : {}).map(([key, panel]) => ({ key, panel }));
}
