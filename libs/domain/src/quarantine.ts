/**
 * When a machine gets no more work because it fails what others can run.
 *
 * Owns the rule. Where fates are read (store), and how trials are taken away from such a machine (the controller), are elsewhere.
 */
import { type AttemptEnd, speaksAgainstMachine } from './failure.js';
import type { SweepId, TrialId } from './ids.js';

/** What became of one attempt on a machine. */
export interface Fate {
  readonly trial: TrialId;
  /** Of the trial in its sweep. */
  readonly number: number;
  readonly sweep: SweepId;
  readonly end: AttemptEnd | null;
  /** Its result counted: the trial was completed or pruned by it. */
  readonly wentWell: boolean;
  /** Name of an agent on which another attempt of the trial went well, or reported more than this one did. */
  readonly ranOn: string | null;
}

export interface Quarantine {
  /** Milliseconds since the epoch, database clock. */
  readonly since: number;
  readonly reason: string;
  readonly evidence: readonly {
    readonly sweep: SweepId;
    readonly trial: TrialId;
    readonly number: number;
    /** How it failed here, in words. */
    readonly failed: string;
    readonly ranOn: string;
  }[];
}

/** So many distinct trials, one after another without one that went well: chance alone hardly does that. */
export const quarantineAfter = 3;

/** Whether a machine's last end in a sweep leaves it open that it can run its trials at all. @param last null: it has ended none */
export function isUnproven(last: Pick<Fate, 'end' | 'wentWell'> | null): boolean {
  if (last === null) return true;
  return !last.wentWell && last.end !== null && speaksAgainstMachine(last.end);
}

/**
 * Null while nothing proves that the machine is to blame.
 *
 * @param fates of the machine's ended attempts, the newest first
 */
export function decideQuarantine(fates: readonly Fate[]): Pick<Quarantine, 'reason' | 'evidence'> | null {
  const since = fates.findIndex(({ wentWell }) => wentWell);
  const streak = since < 0 ? fates : fates.slice(0, since);
  const evidence = new Map<TrialId, Quarantine['evidence'][number]>();
  for (const { trial, number, sweep, end, ranOn } of streak) {
    if (end === null || ranOn === null || !speaksAgainstMachine(end) || evidence.has(trial)) continue;
    evidence.set(trial, { sweep, trial, number, failed: end.detail, ranOn });
  }
  if (evidence.size < quarantineAfter) return null;
  const named = [...evidence.values()].slice(0, quarantineAfter);
  const trials = named.map(({ sweep, number, failed, ranOn }) => `${sweep}#${number} failed (${failed}) and ran on ${ranOn}`);
  return { reason: `${evidence.size} trials failed here and ran elsewhere: ${trials.join('; ')}`, evidence: [...evidence.values()] };
}
