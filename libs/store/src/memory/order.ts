/** Orders by several keys, as ORDER BY does; text by code units. */
export type SortKey = readonly (string | number)[];

/** `directions`: 1 ascending, -1 descending, for each key; ascending where absent. */
export function compareBy<T>(keyOf: (item: T) => SortKey, directions: readonly (1 | -1)[] = []): (a: T, b: T) => number {
  return (a, b) => {
    const left = keyOf(a);
    const right = keyOf(b);
    for (let i = 0; i < left.length; i++) {
      if (left[i] === right[i]) continue;
      return (left[i]! < right[i]! ? -1 : 1) * (directions[i] ?? 1);
    }
    return 0;
  };
}
