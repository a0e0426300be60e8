/** What the counts of a sweep's trials by state say together. */
import type { SweepView } from './schemas.js';

export type Counts = SweepView['counts'];

/** They ran to an end of their own. */
export const doneOf = ({ completed, pruned, failed }: Counts): number => completed + pruned + failed;

/** Nothing is left to do for them: also those that were taken back, many of which never ran. */
export const endedOf = (counts: Counts): number => doneOf(counts) + counts.cancelled;
