/**
 * Ending a trial's processes, all of them, and proving it.
 *
 * Asks the group first (SIGTERM), waits, kills it, then looks for what left the group (`setsid`, daemons) by the marks in its
 * environment, until nothing is left. Owns the procedure; why a trial is stopped is decided elsewhere.
 */
import type { Clock } from '@sweep/runtime';
import { type Census, candidates } from './census.js';
import { isAlive, type ProcessIdentity, processesWith, statOf } from './processes.js';

export interface Remains {
  /** The program itself: the leader of its group. */
  readonly leader: ProcessIdentity;
  /** `NAME=value` of the environment that only this attempt's processes have. */
  readonly marks: readonly string[];
  /** Of the moment before the program was started; null when it was started by an earlier agent. */
  readonly census: Census | null;
}

const lookEveryMs = 50;
/** SIGKILL needs no longer, but a process in an uninterruptible wait (a dead NFS server, a hung driver) may never go. */
const killedWithinMs = 10_000;

/** True when nothing is left; false when something could not be killed. */
export async function stopProcesses(remains: Remains, graceMs: number, clock: Clock): Promise<boolean> {
  const left = follow(remains);
  if (left().length === 0) return true;
  signalAll(remains, 'SIGTERM');
  if (await untilGone(left, graceMs, clock)) return true;
  return killWhatIsLeft(remains, left, clock);
}

export function killProcesses(remains: Remains, clock: Clock): Promise<boolean> {
  return killWhatIsLeft(remains, follow(remains), clock);
}

type Left = () => readonly ProcessIdentity[];

async function killWhatIsLeft(remains: Remains, left: Left, clock: Clock): Promise<boolean> {
  const deadline = clock.now() + killedWithinMs;
  // Again and again: a process may have started another between our look and its death.
  while (left().length > 0) {
    signalAll(remains, 'SIGKILL');
    if (clock.now() >= deadline) return false;
    await untilGone(left, lookEveryMs, clock);
  }
  return true;
}

/** Those that live, and those seen before that are on their way out: a process loses its environment before its files and its GPU. */
function follow(remains: Remains): Left {
  let seen: readonly ProcessIdentity[] = [];
  return () => {
    const found = living(remains);
    const leaving = seen.filter((one) => isAlive(one) && !found.some(({ pid }) => pid === one.pid));
    seen = [...found, ...leaving];
    return seen;
  };
}

/** To the program's group, and to those of its processes that left it. */
export function signalAll(remains: Remains, signal: NodeJS.Signals): void {
  // The leader's pid names the group as long as any member lives; it is only trusted while we can see one of ours.
  const alive = living(remains);
  if (alive.length === 0) return;
  const group = isAlive(remains.leader) ? remains.leader.pid : null;
  if (group !== null) send(-group, signal);
  // Nobody gets it twice: many programs take a second SIGTERM as "at once, without saving".
  for (const { pid } of alive) if (group === null || statOf(pid)?.group !== group) send(pid, signal);
}

export function living({ leader, marks, census }: Remains): readonly ProcessIdentity[] {
  const marked = processesWith(marks, candidates(census));
  return isAlive(leader) && !marked.some(({ pid }) => pid === leader.pid) ? [leader, ...marked] : marked;
}

async function untilGone(left: Left, withinMs: number, clock: Clock): Promise<boolean> {
  const deadline = clock.now() + withinMs;
  for (;;) {
    if (left().length === 0) return true;
    const leftMs = deadline - clock.now();
    if (leftMs <= 0) return false;
    await clock.sleep(Math.min(lookEveryMs, leftMs));
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone in the meantime is what we want; what may not be signalled is not ours.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}
