/** What every part of the page of a run is given. */
import type { OneRun } from '../../data/run-queries.js';

export interface RunPart {
  readonly run: OneRun;
  /** It may still measure and print. */
  readonly live: boolean;
}
