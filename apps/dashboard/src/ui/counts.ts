/** Trials of a sweep by state, as the API counts them. */
import type { SweepView } from '@sweep/api';

export type Counts = SweepView['counts'];

/** They ran to an end of their own. */
export const doneOf = ({ completed, pruned, failed }: Counts): number => completed + pruned + failed;

/** Nothing is left to do for them: also those that were taken back, many of which never ran. */
export const endedOf = (counts: Counts): number => doneOf(counts) + counts.cancelled;
