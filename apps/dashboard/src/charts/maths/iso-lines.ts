/**
 * Lines of one value through a grid, by marching squares; each stretch as [x0, y0, x1, y1] in places of the grid.
 *
 * @param values row by row, `columns` a row
 */
export function isoLines(
  values: ArrayLike<number>,
  columns: number,
  rows: number,
  value: number,
): readonly (readonly [number, number, number, number])[] {
  const stretches: (readonly [number, number, number, number])[] = [];
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const corner = (di: number, dj: number) => values[(j + dj) * columns + i + di]! - value;
      const crossings = crossingsOf(corner).map(([x, y]) => [i + x, j + y] as const);
      for (let k = 0; k + 1 < crossings.length; k += 2) stretches.push([...crossings[k]!, ...crossings[k + 1]!]);
    }
  }
  return stretches;
}

/** Where the value crosses the sides of a cell: none, two, or four where it is a saddle. */
function crossingsOf(corner: (di: number, dj: number) => number): readonly (readonly [number, number])[] {
  const [a, b, c, d] = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
  if (![a, b, c, d].every(Number.isFinite)) return [];
  const share = (from: number, to: number): number => from / (from - to);
  const found: (readonly [number, number])[] = [];
  if (a < 0 !== b < 0) found.push([share(a, b), 0]);
  if (b < 0 !== c < 0) found.push([1, share(b, c)]);
  if (d < 0 !== c < 0) found.push([share(d, c), 1]);
  if (a < 0 !== d < 0) found.push([0, share(a, d)]);
  return found;
}
