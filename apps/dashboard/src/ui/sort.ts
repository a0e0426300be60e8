/** By what a table is sorted, and what a press on a header changes. Pure. */

/** `-` before the name: largest first. */
export type Sort = string | null;

export function sortOf(sort: Sort): { readonly by: string | null; readonly order: 'ascending' | 'descending' } {
  return sort?.startsWith('-') ? { by: sort.slice(1), order: 'descending' } : { by: sort, order: 'ascending' };
}

/** One press after another: the order that is looked for most, the other one, none. */
export function nextSort(sort: Sort, column: string, largestFirst: boolean): Sort {
  const orders: readonly Sort[] = largestFirst ? [`-${column}`, column, null] : [column, `-${column}`, null];
  return orders[(orders.indexOf(sort) + 1) % orders.length]!;
}
