/**
 * Which rows a live table shows while a person looks at it: the ones that were there, in their order, with their newest values; what
 * has come since waits behind "12 new". Pure.
 */

export interface Held<T> {
  readonly rows: readonly T[];
  /** Rows that wait. */
  readonly fresh: number;
}

/** @param order ids that are held; null follows what comes */
export function holdRows<T extends { readonly id: string }>(rows: readonly T[], order: readonly string[] | null): Held<T> {
  if (order === null) return { rows, fresh: 0 };
  const byId = new Map(rows.map((row) => [row.id, row]));
  const kept = order.flatMap((id) => byId.get(id) ?? []);
  return { rows: kept, fresh: rows.length - kept.length };
}
