/**
 * A process that we started: how it is started, recognised later, and ended.
 *
 * A process id alone is not enough to end something: ids are given again. Its start time (Linux) tells whether it is still the same.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemClock } from '@sweep/runtime';

export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks since boot; null where the system does not tell. */
  readonly startTicks: string | null;
}

export function markOf(pid: number): ProcessMark {
  return { pid, startTicks: startTicksOf(pid) };
}

/** `gone` for a zombie. Source: proc_pid_stat(5). The program's name, field 2, may hold spaces and parentheses, so counting begins after it. */
function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'gone' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

export function isRunning({ pid, startTicks }: ProcessMark): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startTicksOf(pid);
  if (now === 'gone') return false;
  return startTicks === null || now === null || now === startTicks;
}

export function signal(mark: ProcessMark, name: NodeJS.Signals): void {
  if (!isRunning(mark)) return;
  try {
    process.kill(mark.pid, name);
  } catch (cause) {
    // It ended in between.
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}

/** Milliseconds. Two that arrive together are one. */
export const betweenSignalsMs = 300;

/** An agent. Once: it takes nothing new. Twice: it stops its programs too, so that their trials can run elsewhere. */
export async function askToLeave(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await systemClock.sleep(betweenSignalsMs);
  child.kill('SIGTERM');
}

export interface StartOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Where its stderr goes; our own stderr when absent. */
  readonly logFile?: string;
  /** Its stdout, line by line; to the log as well when absent. */
  readonly onLine?: (line: string) => void;
}

/** In a process group of its own: Ctrl-C in the terminal reaches us alone, and we decide the order. */
export function start({ program, args, environment, logFile, onLine }: StartOptions): ChildProcess {
  const log = logFile === undefined ? 'inherit' : openLog(logFile);
  const child = spawn(process.execPath, [program, ...args], {
    detached: true,
    env: environment,
    stdio: ['ignore', onLine === undefined ? (log === 'inherit' ? 2 : log) : 'pipe', log],
  });
  if (typeof log === 'number') closeSync(log);
  if (onLine !== undefined) readLines(child, onLine);
  return child;
}

const mostLogBytes = 32 * 1024 * 1024;

/** Appends; one earlier file is kept when it has grown large. */
function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > mostLogBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) onLine(line);
  });
}

/** The end of a log, for a message about a process that did not start. */
export async function tail(path: string, lines: number): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
