/** Trials of a sweep by state, as the API counts them. */
import type { SweepView } from '@sweep/api';

export type Counts = SweepView['counts'];

export const doneOf = (counts: Counts): number => counts.completed + counts.pruned + counts.failed + counts.cancelled;
