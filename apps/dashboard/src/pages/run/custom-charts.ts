/**
 * Charts that a program asked for with `wandb.plot`: which table they draw, and our Vega-Lite for W&B's own presets
 * (https://docs.wandb.ai/guides/app/features/custom-charts). Their specifications are not part of the client, so these are ours.
 */
import { isObject } from './media-values.js';

export interface ChartRequest {
  readonly key: string;
  readonly preset: string;
  /** Key of the table in the run's history. */
  readonly table: string;
  /** What the preset calls a column → what the table does. */
  readonly fields: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
}

/** Null: not a chart of a table. */
export function chartRequest(key: string, panel: unknown): ChartRequest | null {
  const config = isObject(panel) && isObject(panel['panel_config']) ? panel['panel_config'] : null;
  const preset = config?.['panelDefId'];
  if (config === null || typeof preset !== 'string') return null;
  return {
    key,
    preset,
    table: tableKey(config['userQuery']) ?? `${key}_table`,
    fields: textsIn(config['fieldSettings']),
    texts: textsIn(config['stringSettings']),
  };
}

/** Somewhere in the query: `{"name": "tableKey", "value": "…"}`. */
function tableKey(query: unknown): string | null {
  if (Array.isArray(query)) return query.map(tableKey).find((key) => key !== null) ?? null;
  if (!isObject(query)) return null;
  if (query['name'] === 'tableKey' && typeof query['value'] === 'string') return query['value'];
  return tableKey(Object.values(query));
}

function textsIn(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

type Spec = Readonly<Record<string, unknown>>;
type Fields = ChartRequest['fields'];

const quantitative = (field: string | undefined, title?: string) => channel(field, 'quantitative', title);
const nominal = (field: string | undefined, title?: string) => channel(field, 'nominal', title);

/** Brackets and dots in names of columns would be read as paths. */
const channel = (field: string | undefined, type: string, title = field) =>
  field === undefined ? undefined : { field: field.replaceAll(/[.[\]\\]/g, '\\$&'), type, title };

const presets: Readonly<Record<string, (fields: Fields, texts: Fields) => Spec>> = {
  'wandb/line/v0': ({ x, y, stroke }) => ({ mark: 'line', encoding: { x: quantitative(x), y: quantitative(y), color: nominal(stroke) } }),
  'wandb/lineseries/v0': ({ step, lineKey, lineVal }, { xname }) => ({
    mark: 'line',
    encoding: { x: quantitative(step, xname ?? step), y: quantitative(lineVal, ''), color: nominal(lineKey, '') },
  }),
  'wandb/scatter/v0': ({ x, y }) => ({ mark: 'point', encoding: { x: quantitative(x), y: quantitative(y) } }),
  'wandb/bar/v0': ({ label, value }) => ({ mark: 'bar', encoding: { y: { ...nominal(label), sort: null }, x: quantitative(value) } }),
  'wandb/histogram/v0': ({ value }) => ({
    mark: 'bar',
    encoding: { x: { ...quantitative(value), bin: { maxbins: 40 } }, y: { aggregate: 'count', type: 'quantitative', title: 'count' } },
  }),
  'wandb/area-under-curve/v0': ({ x, y, class: of }, texts) => ({
    mark: { type: 'line', interpolate: 'step-after' },
    encoding: { x: quantitative(x, texts['x-axis-title'] ?? x), y: quantitative(y, texts['y-axis-title'] ?? y), color: nominal(of) },
  }),
  'wandb/confusion_matrix/v1': ({ Actual, Predicted, nPredictions = 'nPredictions' }) => ({
    transform: [{ joinaggregate: [{ op: 'max', field: nPredictions, as: 'most' }] }],
    encoding: { x: nominal(Predicted, 'predicted'), y: nominal(Actual, 'actual') },
    layer: [
      { mark: 'rect', encoding: { color: { ...quantitative(nPredictions), scale: { scheme: 'blues' }, legend: null } } },
      {
        mark: { type: 'text', fontSize: 11 },
        encoding: {
          text: quantitative(nPredictions),
          // The squares are pale or dark whatever the theme.
          color: { condition: { test: `datum[${JSON.stringify(nPredictions)}] > datum.most / 2`, value: '#ffffff' }, value: '#1c1e21' },
        },
      },
    ],
  }),
};

/** A chart that somebody defined by themselves is called ENTITY/NAME; null: this is one of W&B's. */
export function definedChart(preset: string): { readonly entity: string; readonly name: string } | null {
  const [entity = '', name = '', ...rest] = preset.split('/');
  return entity === '' || entity === 'wandb' || name === '' || rest.length > 0 ? null : { entity, name };
}

/** A definition with what the run gives for its places, as W&B writes them: `${field:x}` and `${string:title}`. */
export function filledSpec(spec: unknown, given: Pick<ChartRequest, 'fields' | 'texts'>): unknown {
  if (Array.isArray(spec)) return spec.map((part) => filledSpec(part, given));
  if (isObject(spec)) return Object.fromEntries(Object.entries(spec).map(([key, part]) => [key, filledSpec(part, given)]));
  if (typeof spec !== 'string') return spec;
  return spec.replaceAll(
    /\$\{(field|string):([^}:]*)(?::([^}]*))?\}/g,
    (_, kind: string, name: string, usual = '') => (kind === 'field' ? given.fields[name] : given.texts[name]) ?? usual,
  );
}

/** Null: not one of W&B's presets. */
export function vegaLiteOf({ preset, fields, texts }: Pick<ChartRequest, 'preset' | 'fields' | 'texts'>): Spec | null {
  return Object.hasOwn(presets, preset) ? withoutAbsent(presets[preset]!(fields, texts)) : null;
}

function withoutAbsent(spec: Spec): Spec {
  return JSON.parse(JSON.stringify(spec)) as Spec;
}
