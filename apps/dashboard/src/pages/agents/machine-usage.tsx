/** What a machine and each of its GPUs use now, and during the last minutes. */
import type { AgentView } from '@sweep/api';
import { isStale, recentMs, type SparkPoint, sparkOf } from '../../data/recent-usage.js';
import { coarse, formatBytes } from '../../ui/format.js';
import { useNow } from '../../ui/now.js';
import { Missing } from '../../ui/value.js';

type Usage = NonNullable<AgentView['usage']>;
type GpuUsage = Usage['gpus'][number];
type Gpu = AgentView['gpus'][number];

export interface MachineUsageProps {
  readonly agent: AgentView;
  /** The oldest first; the last is what it says now. */
  readonly samples: readonly Usage[];
  /** When the controller answered, milliseconds since the epoch. */
  readonly readAt: number;
}

export function MachineUsage({ agent, samples, readAt }: MachineUsageProps) {
  const now = useNow();
  const { usage, name, memoryBytes, gpus } = agent;
  if (usage === null) return null;
  const sinceReadMs = Math.max(0, now - readAt);
  const stale = isStale(usage, sinceReadMs);
  return (
    <div className={stale ? 'usage usage-stale' : 'usage'}>
      {stale ? <p role="note">These figures are {coarse(usage.ageSeconds * 1000 + sinceReadMs)} old.</p> : null}
      <dl className="gauges" aria-label={`What ${name} uses`}>
        <Gauge title="CPU" samples={samples} figure={(one) => one.cpuPercent} most={100} text={percent} />
        <Gauge title="Memory" samples={samples} figure={(one) => one.memoryUsedBytes} most={memoryBytes} text={ofBytes(memoryBytes)} />
        <Gauge
          title="Disk"
          samples={samples}
          figure={(one) => one.diskUsedBytes}
          most={usage.diskTotalBytes}
          text={ofBytes(usage.diskTotalBytes)}
        />
      </dl>
      {gpus.length === 0 ? null : (
        <ul className="gpus" aria-label={`GPUs of ${name}`}>
          {gpus.map((gpu, index) => (
            <li key={gpu.uuid}>
              <span className="gpu-name" title={gpu.uuid}>
                GPU {index} <span className="muted">{gpu.name}</span>
              </span>
              <GpuGauges gpu={gpu} samples={samples} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What a card that is too hot and one that draws too much would reach; no driver says it in the same place. */
const hottest = 100;

function GpuGauges({ gpu, samples }: { readonly gpu: Gpu; readonly samples: readonly Usage[] }) {
  const of = (figure: (one: GpuUsage) => number | null) => (usage: Usage) => {
    const own = usage.gpus.find(({ uuid }) => uuid === gpu.uuid);
    return own === undefined ? null : figure(own);
  };
  const power = of((one) => one.powerWatts);
  return (
    <dl className="gauges">
      <Gauge title="Utilisation" samples={samples} figure={of((one) => one.utilizationPercent)} most={100} text={percent} />
      <Gauge
        title="Memory"
        samples={samples}
        figure={of((one) => one.memoryUsedBytes)}
        most={gpu.memoryBytes}
        text={ofBytes(gpu.memoryBytes)}
      />
      <Gauge
        title="Temperature"
        samples={samples}
        figure={of((one) => one.temperatureCelsius)}
        most={hottest}
        text={(value) => `${Math.round(value)} °C`}
      />
      <Gauge
        title="Power"
        samples={samples}
        figure={power}
        most={Math.max(1, ...samples.map((one) => power(one) ?? 0))}
        text={(value) => `${Math.round(value)} W`}
      />
    </dl>
  );
}

const percent = (value: number): string => `${Math.round(value)} %`;
const ofBytes =
  (total: number) =>
  (value: number): string =>
    `${formatBytes(value)} of ${formatBytes(total)}`;

interface GaugeProps {
  readonly title: string;
  readonly samples: readonly Usage[];
  readonly figure: (usage: Usage) => number | null | undefined;
  /** The top of the line. */
  readonly most: number;
  readonly text: (value: number) => string;
}

function Gauge({ title, samples, figure, most, text }: GaugeProps) {
  const last = samples.at(-1);
  const value = last === undefined ? null : (figure(last) ?? null);
  return (
    <div className="gauge">
      <dt>{title}</dt>
      <dd>
        <span className="gauge-value">{value === null ? <Missing /> : text(value)}</span>
        <Spark lines={sparkOf(samples, figure, most)} />
      </dd>
    </div>
  );
}

const size = { width: 100, height: 20 };

/** The number beside it is what counts: the line only shows where it came from. */
function Spark({ lines }: { readonly lines: readonly (readonly SparkPoint[])[] }) {
  return (
    <svg className="spark" viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" aria-hidden="true">
      <title>The last {recentMs / 60_000} minutes</title>
      {lines.map((line) => (
        <polyline
          key={line[0]!.x}
          points={line.map(({ x, y }) => `${(x * size.width).toFixed(1)},${(1 + (1 - y) * (size.height - 2)).toFixed(1)}`).join(' ')}
        />
      ))}
    </svg>
  );
}
