/** The leaves of a history line or summary: nested dicts by dotted names, media objects whole. */
import type { Raw, RawObject } from '../json/raw.js';

/** A dict with `_type` is one value: an image, a histogram, a table. */
export const isMedia = (value: Raw): value is RawObject => value.kind === 'object' && value.members.has('_type');

export function* leaves(line: RawObject, prefix = ''): Generator<readonly [name: string, value: Raw]> {
  for (const [key, value] of line.members) {
    if (value.kind === 'object' && !isMedia(value)) yield* leaves(value, `${prefix}${key}.`);
    else yield [`${prefix}${key}`, value];
  }
}
