/** A curve in one line of text. */

const bars = '▁▂▃▄▅▆▇█';

/** At most `width` characters; several values of one character are averaged; what is not finite is a space. */
export function sparkline(values: readonly number[], width: number): string {
  const cells = resample(values, width);
  const finite = cells.filter(Number.isFinite);
  if (finite.length === 0) return '';
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  // Halves, so that the largest numbers have a difference too.
  const span = high / 2 - low / 2;
  const bar = (value: number): string => {
    if (!Number.isFinite(value)) return ' ';
    return bars[span === 0 ? 3 : Math.min(bars.length - 1, Math.floor(((value / 2 - low / 2) / span) * bars.length))]!;
  };
  return cells.map(bar).join('');
}

/** Means of the finite values of equal stretches; as they are when they fit. Divided before they are added: a sum may overflow. */
export function resample(values: readonly number[], width: number): number[] {
  if (values.length <= width) return [...values];
  return Array.from({ length: width }, (_, cell) => {
    const from = Math.floor((cell * values.length) / width);
    const to = Math.max(from + 1, Math.floor(((cell + 1) * values.length) / width));
    const part = values.slice(from, to).filter(Number.isFinite);
    return part.length === 0 ? Number.NaN : part.reduce((mean, value) => mean + value / part.length, 0);
  });
}
