/** What every tab of a sweep's page is given. */
import type { SweepView, TrialView } from '@sweep/api';
import type { Selection } from './selection.js';

export interface SweepParts {
  readonly sweep: SweepView;
  /** By number. */
  readonly trials: readonly TrialView[];
  readonly selection: Selection;
}
