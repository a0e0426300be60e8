/** What an attempt's end means for its report: the facts that the controller gets. Pure, but for reading the program's last words. */
import type { Evidence } from '@sweep/domain';
import type { Finished, Grant } from '@sweep/protocol';
import type { StopOrder } from './attempt.js';
import { isUnseen } from './child.js';
import { startFailure } from './command.js';
import { describeEnd, evidenceIn } from './evidence.js';
import type { ExitFile } from './keeper.js';
import { lastError } from './last-error.js';

export interface EndFacts {
  readonly grant: Grant;
  readonly argv: readonly string[];
  readonly exit: ExitFile;
  readonly stop: StopOrder | null;
  /** A stop signal of ours reached the program before it ended. */
  readonly signalled: boolean;
  readonly lastSequence: number;
  /** The ends of what it printed. */
  readonly stdout: string;
  readonly stderr: string;
  /** What the kernel or a GPU counted against the attempt while it ran. */
  readonly counted: Counted | null;
}

export interface Counted {
  readonly evidence: Extract<Evidence, 'oom' | 'gpu-error'>;
  /** Half a sentence. */
  readonly what: string;
}

/** Null when nobody may take this end for the program's own: the attempt is given up, and its trial is tried again when its lease runs out. */
export function finishedOf({ grant, argv, exit, stop, signalled, lastSequence, stdout, stderr, counted }: EndFacts): Finished | null {
  if (exit.abandoned || isUnseen(exit)) return null;
  if (signalled && (stop?.kind === 'away' || stop?.kind === 'leave')) return null;
  const facts = { leaseId: grant.leaseId, exitCode: exit.code ?? -1, signal: exit.signal ?? '', signalled, lastSequence };
  if (exit.failure !== null) return { ...facts, evidence: 'start-failed', detail: startFailure(argv, exit.failure) };
  const detail = describeEnd(exit.code, exit.signal);
  if (signalled && stop?.kind === 'timeout') return { ...facts, evidence: 'timeout', detail: `${stop.reason} (${detail})` };
  const failed = exit.code !== 0 && !signalled;
  if (!failed) return { ...facts, evidence: '', detail };
  if (counted !== null) return { ...facts, evidence: counted.evidence, detail: `${detail}: ${counted.what}` };
  const said = lastError(stderr);
  return { ...facts, evidence: evidenceIn(`${stdout}\n${stderr}`) ?? '', detail: said === null ? detail : `${detail}: ${said}` };
}

/** Of an attempt whose program was never started. */
export function neverStarted(grant: Grant, evidence: '' | 'start-failed' | 'no-space', detail: string): Finished {
  return { leaseId: grant.leaseId, exitCode: -1, signal: '', signalled: evidence === '', evidence, detail, lastSequence: 0 };
}

/** Whether another attempt may follow that could use this one's checkpoint. */
export function wantsCheckpoint(finished: Finished | null, stop: StopOrder | null): boolean {
  if (finished === null || finished.evidence === 'start-failed') return false;
  if (stop !== null && stop.kind !== 'timeout') return false;
  return finished.exitCode !== 0;
}
