/** The numbers of the search that were chosen by measurement. `npm run bench -- quality` can change each for one series. */

export interface Tuning {
  /** Which beliefs take turns: by the proposal's index. */
  readonly hypotheses: readonly ('A' | 'B')[];
  /** Shares of the arms; the rest explores. */
  readonly improve: number;
  readonly bound: number;
  /** With so many other trials under way or more, this share of proposals explores, whatever the arms. */
  readonly crowd: number;
  readonly scouts: number;
  /** Deviations of optimism. */
  readonly beta: number;
  /** Points before a model is asked; null = by the number of dimensions. */
  readonly design: number | null;
  /** Starts of the search over candidates. */
  readonly starts: number;
  /** A model with less noise than this (a variance, where that of all results is 1) always goes for expected improvement. */
  readonly exactBelow: number;
  /** With less than this next to nothing is left to the hypothesis that expects noise. */
  readonly noiseless: number;
}

export const usual: Tuning = {
  hypotheses: ['A', 'B'],
  improve: 0.8,
  bound: 0.15,
  crowd: 15,
  scouts: 0.15,
  beta: 1.8,
  design: null,
  starts: 8,
  exactBelow: 1e-3,
  noiseless: 1e-5,
};
