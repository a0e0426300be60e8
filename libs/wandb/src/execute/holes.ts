/**
 * Places of an answer that hold null because the schema lacks what was asked there.
 *
 * An unknown selection is replaced by `__typename` under a marked alias: so null appears exactly where the field would have, with
 * fragments, lists and aliases as graphql-js resolves them. Afterwards the marks are taken off.
 */
import { type FieldNode, Kind } from 'graphql';
import { JsonText } from '../json/json-text.js';

const mark = '__unknown_';

export function hole(field: FieldNode): FieldNode {
  const key = field.alias?.value ?? field.name.value;
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: `${mark}${key}` },
    name: { kind: Kind.NAME, value: '__typename' },
    ...(field.directives === undefined ? {} : { directives: field.directives }),
  };
}

/** The data with null under the asked name in place of every mark. Contents of `JSON` fields are plain data and pass unharmed. */
export function fillHoles(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(fillHoles);
  if (typeof data !== 'object' || data === null || data instanceof JsonText) return data;
  const filled: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(data)) {
    if (!key.startsWith(mark)) filled[key] = fillHoles(value);
    else if (!(key.slice(mark.length) in data)) filled[key.slice(mark.length)] = null;
  }
  return filled;
}
