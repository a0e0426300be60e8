/** Where an attempt's points come from: something that can be read again and again from a stored position. */
import type { Point } from './points.js';

export interface SourceRead {
  readonly points: readonly Point[];
  /** JSON; stored together with the points, so that a restarted agent goes on exactly behind them. */
  readonly position: unknown;
  /** There is more to read at once. */
  readonly more: boolean;
}

export interface Source {
  /** Names the position among those of the attempt's other sources. */
  readonly name: string;
  /**
   * What is new, a bounded amount at a time.
   * @param stored undefined at the beginning
   * @param last nobody writes any more: an unfinished end counts as finished
   */
  read(stored: unknown, last: boolean): Promise<SourceRead>;
}
