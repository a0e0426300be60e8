/** Values as YAML, whole floats with their dot. */
import { Float } from '@sweep/optimizer';
import { Scalar, stringify } from 'yaml';

/** YAML would write 16.0 as 16. */
export const yamlText = (value: unknown): string =>
  stringify(marked(value, (float) => Object.assign(new Scalar(float.value), { minFractionDigits: 1 })));

function marked(value: unknown, mark: (float: Float) => unknown): unknown {
  if (value instanceof Float) return mark(value);
  if (Array.isArray(value)) return value.map((item) => marked(item, mark));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, marked(member, mark)]));
}
