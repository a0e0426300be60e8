/** What is printed for a new sweep. The last line can be pasted on any machine that should work for it. */
import type { SweepView } from '@sweep/api';

export const createdText = ({ id, url }: SweepView): string => `${id}\n${url}\nsweep agent ${id}`;
