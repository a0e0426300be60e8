/** Cursors of lists: opaque to callers, the sort key of the last item inside. */
import { Invalid } from '@sweep/domain';
import type { Page } from './store.js';

export type CursorPart = string | number;

/** `rows` holds one more than `limit` when there is a next page. */
export function pageOf<T>(rows: readonly T[], limit: number, total: number, keyOf: (item: T) => readonly CursorPart[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items, total, nextCursor: more ? encode(keyOf(last)) : null };
}

/** The parts of a cursor that `pageOf` made, each of the type that `like` shows. Throws `Invalid` for any other text. */
export function readCursor<const Like extends readonly CursorPart[]>(
  cursor: string | null,
  like: Like,
): { [K in keyof Like]: Like[K] extends number ? number : string } | null {
  if (cursor === null) return null;
  const parts = decode(cursor);
  const fits = Array.isArray(parts) && parts.length === like.length && parts.every((part, i) => typeof part === typeof like[i]);
  if (!fits) throw new Invalid('the cursor is not one that this server gave', [{ path: 'cursor', message: 'unknown cursor' }]);
  return parts as { [K in keyof Like]: Like[K] extends number ? number : string };
}

const encode = (parts: readonly CursorPart[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}
