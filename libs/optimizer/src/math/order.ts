/** Order statistics without sorting everything: Hoare's selection (1961), by the middle of three. */

/** The value that so many are not above; `rank` counts from 1. No NaN among the values, which stay as they are. */
export function smallest(values: Float64Array, rank: number): number {
  const left = values.slice();
  let [low, high] = [0, left.length - 1];
  const wanted = rank - 1;
  while (low < high) {
    const pivot = middleOf(left[low]!, left[(low + high) >> 1]!, left[high]!);
    let [up, down] = [low, high];
    while (up <= down) {
      while (left[up]! < pivot) up += 1;
      while (left[down]! > pivot) down -= 1;
      if (up > down) break;
      [left[up], left[down]] = [left[down]!, left[up]!];
      up += 1;
      down -= 1;
    }
    if (wanted <= down) high = down;
    else if (wanted >= up) low = up;
    else break;
  }
  return left[wanted]!;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
