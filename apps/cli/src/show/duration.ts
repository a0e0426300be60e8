/** Times for people: lengths (`3m 12s`) and distances from now (`2h ago`). Reading them back is sweep-file's. */

const units = [
  { size: 86_400, letter: 'd' },
  { size: 3600, letter: 'h' },
  { size: 60, letter: 'm' },
  { size: 1, letter: 's' },
] as const;

/** The two largest units: `1d 4h`, `3m 12s`, `0.4s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '';
  if (seconds < 10) return `${Number(seconds.toFixed(1))}s`;
  const whole = Math.round(seconds);
  const first = units.findIndex(({ size }) => whole >= size);
  const { size, letter } = units[first]!;
  const next = units[first + 1];
  const rest = next === undefined ? 0 : Math.floor((whole % size) / next.size);
  return `${Math.floor(whole / size)}${letter}${rest === 0 ? '' : ` ${rest}${next!.letter}`}`;
}

/** `now` in milliseconds since the epoch. */
export function ago(time: string | null, now: number): string {
  if (time === null) return '';
  const seconds = (now - Date.parse(time)) / 1000;
  if (Number.isNaN(seconds)) return '';
  if (Math.abs(seconds) < 1) return 'now';
  const whole = Math.floor(Math.abs(seconds));
  const { size, letter } = units.find((unit) => whole >= unit.size)!;
  const length = `${Math.floor(whole / size)}${letter}`;
  return seconds < 0 ? `in ${length}` : `${length} ago`;
}

/** `90`, `30s`, `10m`, `2h`, `1d` in seconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, digits, letter] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * (units.find((unit) => unit.letter === letter)?.size ?? 1);
}
