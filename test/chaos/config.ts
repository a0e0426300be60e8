/** Which schedule a run of chaos was asked for, by `npm run chaos -- …`; the only reader of these variables. */
import type { Plan } from './schedule.js';

/** Null: the short one that belongs to the tests. */
export function readPlan(): Plan | null {
  const text = process.env['SWEEP_CHAOS'];
  return text === undefined ? null : (JSON.parse(text) as Plan);
}
