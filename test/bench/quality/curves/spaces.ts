/** The grids of block L: 2,000 configurations each, by the values of their levels. */
export const rungs = 27;
export const trainingSeeds = 3;

export interface Grid {
  readonly name: string;
  readonly levels: readonly (readonly number[])[];
}

export const mlpGrid: Grid = {
  name: 'L_mlp',
  levels: [
    [0.001, 0.0025, 0.006, 0.015, 0.04, 0.1, 0.25, 0.6, 1.5, 4],
    [4, 8, 16, 32, 48],
    [4, 8, 16, 32, 64],
    [0, 0.5, 0.9, 0.97],
    [0, 0.003],
  ],
};

export const boostingGrid: Grid = {
  name: 'L_boosting',
  levels: [
    [0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.35, 0.6, 1],
    [1, 2, 3, 4, 6],
    [1, 3, 8, 20, 40],
    [0.3, 0.5, 0.75, 1],
    [0.4, 1],
  ],
};

/** The values of a configuration; the last parameter counts fastest. */
export function valuesOf({ levels }: Grid, row: number): readonly number[] {
  let rest = row;
  return levels
    .toReversed()
    .map((values) => {
      const value = values[rest % values.length]!;
      rest = Math.floor(rest / values.length);
      return value;
    })
    .reverse();
}

export function sizeOf({ levels }: Grid): number {
  return levels.reduce((size, values) => size * values.length, 1);
}
