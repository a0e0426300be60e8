/** How all curves of a page are drawn: x axis, smoothing, logarithms, zoom; kept in the address. */
import type { ReactNode } from 'react';
import type { AxisLook } from '../../charts/chart-data.js';
import type { CurveAxis } from '../../charts/maths/curve-axis.js';
import { Picker } from '../../ui/choice.js';
import { Field } from '../../ui/field.js';
import { useParamsInAddress } from '../../ui/search-params.js';

export interface ChartLook {
  /** Nobody chose an axis: each metric is drawn over its own, where its program named one. */
  readonly ownAxes: boolean;
  readonly axis: CurveAxis;
  readonly x: AxisLook;
  readonly yLog: boolean;
  readonly smoothing: number;
  readonly search: string;
  readonly zoom: readonly [number, number] | null;
}

const metricPrefix = 'metric:';

export function lookIn(params: Readonly<Record<string, unknown>>): ChartLook {
  const by = String(params['x'] ?? '');
  const axis: CurveAxis = by.startsWith(metricPrefix)
    ? { by: 'metric', name: by.slice(metricPrefix.length) }
    : { by: by === 'time' || by === 'relative' ? by : 'step' };
  const kind = axis.by === 'time' ? 'date' : axis.by === 'relative' ? 'duration' : 'number';
  const label = axis.by === 'metric' ? axis.name : axis.by === 'relative' ? 'time since the beginning' : axis.by;
  const zoom = String(params['zoom'] ?? '')
    .split('~')
    .map(Number);
  return {
    ownAxes: by === '',
    axis,
    x: { label, kind, log: kind === 'number' && isOn(params['logx']) },
    yLog: isOn(params['logy']),
    smoothing: Math.min(0.999, Math.max(0, Number(params['smooth'] ?? 0) || 0)),
    search: String(params['q'] ?? ''),
    zoom: zoom.length === 2 && zoom.every(Number.isFinite) && zoom[0]! < zoom[1]! ? [zoom[0]!, zoom[1]!] : null,
  };
}

const isOn = (value: unknown): boolean => value === '1' || value === 1 || value === true;

export const zoomText = (zoom: readonly [number, number] | null): string | undefined => (zoom === null ? undefined : zoom.join('~'));

/** The look of one metric, whose program may have named what it is drawn over (`define_metric`). */
export function lookOf(look: ChartLook, own: string | undefined): ChartLook {
  if (!look.ownAxes || own === undefined) return look;
  return { ...look, axis: { by: 'metric', name: own }, x: { label: own, kind: 'number', log: look.x.log } };
}

interface ChartLookBarProps {
  readonly look: ChartLook;
  /** That may be an x axis. */
  readonly metrics: readonly string[];
  /** Some metrics have an axis of their own. */
  readonly hasOwnAxes?: boolean;
}

export function ChartLookBar({ look, metrics, hasOwnAxes = false }: ChartLookBarProps): ReactNode {
  const [, set] = useParamsInAddress();
  const usual = hasOwnAxes ? 'own' : 'step';
  const value = look.ownAxes ? usual : look.axis.by === 'metric' ? metricPrefix + look.axis.name : look.axis.by;
  const choices = [
    ...(hasOwnAxes ? [{ id: 'own', label: 'as the program defines' }] : []),
    { id: 'step', label: 'step' },
    { id: 'relative', label: 'time since the beginning' },
    { id: 'time', label: 'time of day' },
    ...metrics.map((name) => ({ id: metricPrefix + name, label: name })),
  ];
  return (
    <div className="look-bar">
      <Field
        label="Search metrics"
        hideLabel
        type="search"
        placeholder="Search metrics"
        value={look.search}
        onChange={(q) => set({ q: q === '' ? undefined : q })}
      />
      <Picker label="x" choices={choices} value={value} onChange={(x) => set({ x: x === usual ? undefined : x, zoom: undefined })} />
      <label className="choice">
        <span className="muted">Smoothing</span>
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={look.smoothing}
          onChange={(event) => set({ smooth: event.target.value === '0' ? undefined : event.target.value })}
        />
        <span className="look-number">{look.smoothing.toFixed(2)}</span>
      </label>
      <Toggle label="log x" on={look.x.log} onChange={(on) => set({ logx: on ? '1' : undefined })} />
      <Toggle label="log y" on={look.yLog} onChange={(on) => set({ logy: on ? '1' : undefined })} />
    </div>
  );
}

function Toggle({
  label,
  on,
  onChange,
}: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}): ReactNode {
  return (
    <label className="choice">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} /> {label}
    </label>
  );
}
