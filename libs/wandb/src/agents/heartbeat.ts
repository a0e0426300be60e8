/**
 * What a W&B agent is told at a heartbeat, and what its silence about a run means.
 *
 * Owns the decision only. Leases, and the closing of runs, are the caller's; so is the answer 404 for a sweep that is gone. An agent gets
 * one command at a time, since those that call a function execute only the first.
 */
import { Invalid } from '@sweep/domain';
import { readRawObject } from '../json/raw.js';

/** The run that an agent was told to execute and that has not ended. */
export interface Assignment {
  readonly run: string;
  /** Milliseconds since the epoch. */
  readonly handedOutAt: number;
  /** Whether the agent has named it among its live runs. */
  readonly seenLive: boolean;
  /** Heartbeats since then, retries not counted, that did not name it. */
  readonly missed: number;
}

export const handOut = (run: string, now: number): Assignment => ({ run, handedOutAt: now, seenLive: false, missed: 0 });

export interface StopWish {
  /** Since when the run is asked to stop, milliseconds since the epoch. */
  readonly since: number;
  /** Such agents ignore `stopped` in file_stream replies: the sweep names neither a program nor a command. */
  readonly callsFunction: boolean;
}

export interface Heartbeat {
  readonly now: number;
  readonly assignment: Assignment | null;
  /** Whether the assigned run has reported anything since it was handed out. */
  readonly begun: boolean;
  /** Runs that the agent says are alive. */
  readonly live: readonly string[];
  readonly stop: StopWish | null;
  /** `ending`: live runs may finish. `over`: they are to be killed. */
  readonly sweep: 'handing-out' | 'paused' | 'ending' | 'over';
}

export type AgentCommand =
  | { readonly kind: 'none' }
  /** Lease a trial if there is one and answer `run`; else nothing. */
  | { readonly kind: 'next' }
  /** The answer that carried this run was lost, or may have been: give it again. */
  | { readonly kind: 'repeat'; readonly run: string }
  | { readonly kind: 'stop'; readonly run: string }
  | { readonly kind: 'exit' };

/** Why a run is over although it never said so. */
export type Disappearance = 'vanished' | 'never-started';

export interface HeartbeatDecision {
  readonly command: AgentCommand;
  readonly assignment: Assignment | null;
  /** The run to close before anything else. */
  readonly closed: { readonly run: string; readonly why: Disappearance } | null;
}

/** Agents come about every 5 s; one that comes sooner after a `run` did not get it. */
const retryWithinMs = 4_000;
/**
 * One that comes for the second time without a word of its run may have lost every answer there was: it is told again, once. A program
 * that cannot be started is started in vain again; a trial is not given up for a bad connection.
 */
const toldAgainAfter = 2;
/** Two heartbeats after it was told again, or in place of that where the run has reported something: then only its last word is missing. */
const isGone = (missed: number, begun: boolean): boolean => missed === 2 * toldAgainAfter || (begun && missed === toldAgainAfter);

/** Agents that start a program get a clean end by file_stream first; afterwards SIGTERM, then SIGKILL. */
const firmAfterMs = 60_000;

export function decideHeartbeat(given: Heartbeat): HeartbeatDecision {
  const { kept, closed } = follow(given);
  const rest = { assignment: kept, closed };
  if (given.sweep === 'over') return { ...rest, command: { kind: 'exit' } };
  if (kept !== null) return { ...rest, command: commandFor(kept, given) };
  return { ...rest, command: given.live.length > 0 ? { kind: 'none' } : idleCommand(given.sweep) };
}

function follow({ assignment, begun, live, now }: Heartbeat): { kept: Assignment | null; closed: HeartbeatDecision['closed'] } {
  if (assignment === null) return { kept: null, closed: null };
  if (live.includes(assignment.run)) return { kept: { ...assignment, seenLive: true, missed: 0 }, closed: null };
  if (assignment.seenLive) return { kept: null, closed: { run: assignment.run, why: 'vanished' } };
  if (isRetry(assignment, now)) return { kept: assignment, closed: null };
  // A run shorter than the time between two heartbeats is never named; its own end closes it.
  const missed = assignment.missed + 1;
  if (!isGone(missed, begun)) return { kept: { ...assignment, missed }, closed: null };
  return { kept: null, closed: { run: assignment.run, why: 'never-started' } };
}

function commandFor(kept: Assignment, { now, stop }: Heartbeat): AgentCommand {
  if (!kept.seenLive) return isRetry(kept, now) || kept.missed === toldAgainAfter ? { kind: 'repeat', run: kept.run } : { kind: 'none' };
  const firm = stop !== null && (stop.callsFunction || now - stop.since >= firmAfterMs);
  return firm ? { kind: 'stop', run: kept.run } : { kind: 'none' };
}

const isRetry = ({ handedOutAt, missed }: Assignment, now: number): boolean => missed === 0 && now - handedOutAt < retryWithinMs;

function idleCommand(sweep: Heartbeat['sweep']): AgentCommand {
  switch (sweep) {
    case 'handing-out':
      return { kind: 'next' };
    case 'paused':
      return { kind: 'none' };
    case 'ending':
    case 'over':
      return { kind: 'exit' };
  }
}

/** The runs that `runState` names as alive. @throws Invalid when it is no JSON object. */
export function liveRuns(runState: string | null | undefined): readonly string[] {
  if (runState === null || runState === undefined || runState === '') return [];
  const given = readRawObject(runState);
  if (given === undefined) throw new Invalid('runState is a JSON object of run ids to true');
  return [...given.members].filter(([, { text }]) => text === 'true').map(([run]) => run);
}
