/** What every tab of a sweep's page is given. */
import type { SweepView } from '@sweep/api';
import type { TrialPoint } from '../../data/trial-points.js';
import type { Selection } from './selection.js';

export interface SweepParts {
  readonly sweep: SweepView;
  /** By number. */
  readonly trials: readonly TrialPoint[];
  readonly selection: Selection;
}
