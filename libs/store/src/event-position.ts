/** What is said of a place in the log of events that is not, or no longer, in it. */
import { Invalid } from '@sweep/domain';

export const unknownPosition = (): Invalid =>
  new Invalid(
    'the position is not one that this server gave, or what came after it is gone: load anew what you show, and watch from now on',
    [{ path: 'position', message: 'unknown position' }],
  );

/** Before all that is kept, however little that is: nothing that was promised can be missing after it. */
export const earliestPosition = '0';
