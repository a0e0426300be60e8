/**
 * The machine's processes as the kernel shows them under /proc: who is alive, whose they are, what they use.
 *
 * Owns reading only; `stopping.ts` sends signals. A process is named by its pid and its start time, because pids are used again.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between boot and the process's start; null where /proc does not exist. */
  readonly startTicks: number | null;
}

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly zombie: boolean;
  readonly startTicks: number;
  /** User and system time, in clock ticks. */
  readonly cpuTicks: number;
  readonly residentPages: number;
}

/** The kernel's USER_HZ: 100 on every architecture that Node runs on. */
export const ticksPerSecond = 100;

/** Null when there is no such process (any more), or no /proc. */
export function statOf(pid: number): ProcessStat | null {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === null) return null;
  // The second field is the program's name in brackets, and may hold spaces and brackets itself.
  const fields = text
    .toString('latin1')
    .slice(text.lastIndexOf(')') + 2)
    .split(' ');
  const field = (n: number): number => Number(fields[n - 3]);
  return {
    pid,
    parent: field(4),
    group: field(5),
    session: field(6),
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    startTicks: field(22),
    cpuTicks: field(14) + field(15),
    residentPages: field(24),
  };
}

export function listProcesses(): ProcessStat[] {
  return listPids().flatMap((pid) => statOf(pid) ?? []);
}

/** A zombie has ended: it holds nothing but its exit code. */
export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  if (startTicks === null) return answers(pid);
  const stat = statOf(pid);
  return stat !== null && !stat.zombie && stat.startTicks === startTicks;
}

/**
 * Living processes with all of these `NAME=value` in their environment: also those that left their parent's group and session.
 * Processes of other users cannot be read, and cannot be ours.
 *
 * @param among where to look; everywhere unless it is known better
 */
export function processesWith(marks: readonly string[], among = listPids()): ProcessIdentity[] {
  const wanted = marks.map((mark) => Buffer.from(`\0${mark}\0`));
  const found: ProcessIdentity[] = [];
  for (const pid of among) {
    if (pid === process.pid || !hasMarks(pid, wanted)) continue;
    const stat = statOf(pid);
    if (stat !== null && !stat.zombie) found.push({ pid, startTicks: stat.startTicks });
  }
  return found;
}

/** Null when the process is gone (a zombie's environment is empty) or its environment may not be read. */
export function environmentHas(pid: number, mark: string): boolean | null {
  const environment = readProc(`/proc/${pid}/environ`);
  return environment === null || environment.length === 0 ? null : surround(environment).includes(`\0${mark}\0`);
}

function hasMarks(pid: number, wanted: readonly Buffer[]): boolean {
  const environment = readProc(`/proc/${pid}/environ`);
  if (environment === null || environment.length === 0) return false;
  const text = surround(environment);
  return wanted.every((mark) => text.includes(mark));
}

const surround = (environment: Buffer): Buffer => Buffer.concat([Buffer.of(0), environment, Buffer.of(0)]);

export function listPids(): readonly number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function readProc(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    // It ended between listing and reading, or belongs to somebody else.
    return null;
  }
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
