/**
 * Which processes were there before a program was started: none of them can be the program's own, so none needs to be looked into
 * when it is over. Looking into all of a machine's processes costs milliseconds between one trial and the next.
 *
 * Sound as long as no pid was given out twice since. Linux gives pids out in order, so that takes as many new processes and threads as
 * there are pids; the kernel counts them.
 */
import { readFileSync } from 'node:fs';
import { listPids } from './processes.js';

export interface Census {
  readonly pids: ReadonlySet<number>;
  /** Processes and threads that the kernel has ever started. */
  readonly started: number;
}

/** Null where the kernel does not count. */
export function takeCensus(): Census | null {
  const started = startedSinceBoot();
  return started === null ? null : { pids: new Set(listPids()), started };
}

/** The pids that can be of a program that was started after the census; all of them when that cannot be told. */
export function candidates(census: Census | null): readonly number[] {
  const pids = listPids();
  if (census === null) return pids;
  const started = (startedSinceBoot() ?? 0) - census.started;
  // Not even one means that the count is not a count (some sandboxes): the program itself was started since.
  return started > 0 && started < mostPids() / 2 ? pids.filter((pid) => !census.pids.has(pid)) : pids;
}

function startedSinceBoot(): number | null {
  const count = Number(/^processes (\d+)$/m.exec(readText('/proc/stat'))?.[1]);
  return Number.isFinite(count) ? count : null;
}

let most: number | undefined;

function mostPids(): number {
  most ??= Number(readText('/proc/sys/kernel/pid_max')) || 0;
  return most;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // Not this kernel's: everything is looked into.
    return '';
  }
}
