/** Expressions as text, put together from what a person picks. Pure. */

export const comparisons = ['=', '!=', '<', '<=', '>', '>=', '~'] as const;
export type Sign = (typeof comparisons)[number];

/** Both hold. */
export function both(first: string, second: string): string {
  if (first.trim() === '') return second;
  return /\bor\b/i.test(first) ? `(${first}) and ${second}` : `${first} and ${second}`;
}

export function condition(name: string, sign: Sign, value: string): string {
  return `${nameText(name)} ${sign} ${sign === '~' ? quoted(value) : valueText(value)}`;
}

/** Of runs whose value is this one, as an answer to grouping gives it. */
export function equality(name: string, value: unknown): string {
  if (value === null || value === undefined) return `${nameText(name)} = null`;
  if (typeof value === 'string') return `${nameText(name)} = ${quoted(value)}`;
  return `${nameText(name)} = ${typeof value === 'object' ? quoted(JSON.stringify(value)) : String(value)}`;
}

const plainName = /^[A-Za-z_][\w.:/-]*$/;
const words = ['and', 'or', 'not', 'in'];

export const nameText = (name: string): string =>
  plainName.test(name) && !words.includes(name.toLowerCase()) ? name : `\`${name.replace(/[\\`]/g, '\\$&')}\``;

/** What a person typed: a number, a truth value or a word stays one. */
function valueText(value: string): string {
  const text = value.trim();
  const bare = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || /^(true|false|null|NaN|-?Infinity)$/i.test(text);
  return bare ? text : quoted(text);
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
