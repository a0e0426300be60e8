/** Single values in text and cells: short to look at, whole on hover. */

import {
  formatAbsolute,
  formatDuration,
  formatNumber,
  formatRelative,
  formatValue,
  fullNumber,
  missing,
  type Numeric,
  numberOf,
} from './format.js';
import { useNow } from './now.js';

export function Missing() {
  return <span className="muted">{missing}</span>;
}

export function Num({ value }: { readonly value: Numeric | null | undefined }) {
  if (value === null || value === undefined) return <Missing />;
  return (
    <span className={Number.isFinite(numberOf(value)) ? undefined : 'strange'} title={fullNumber(value)}>
      {formatNumber(value)}
    </span>
  );
}

const isNumeric = (value: unknown): value is Numeric =>
  typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';

export function Value({ value }: { readonly value: unknown }) {
  if (value === null || value === undefined) return <Missing />;
  if (isNumeric(value)) return <Num value={value} />;
  const text = formatValue(value);
  return <span title={text}>{text}</span>;
}

export function Duration({ ms }: { readonly ms: number | null }) {
  return ms === null ? <Missing /> : <span title={`${ms} ms`}>{formatDuration(ms)}</span>;
}

/** How long ago, kept up to date. */
export function Time({ at }: { readonly at: string | null }) {
  const now = useNow();
  if (at === null) return <Missing />;
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={formatAbsolute(time)}>
      {formatRelative(time, now)}
    </time>
  );
}
