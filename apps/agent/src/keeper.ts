/**
 * The parent of training programs: a process of its own, so that they outlive the agent and their exit code is never lost.
 *
 * The agent forks one keeper and sends it argument vectors. The keeper starts them (never through a shell), and writes into the
 * attempt's folder `spawn.json` when a program runs and `exit.json` when it is over. When the agent goes away it stays until its last
 * program has ended; the next agent reads those files. One keeper an agent, not one a program: starting Node costs 60 ms.
 *
 *     connected ──agent gone──► alone ──last program ended──► exit
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from './durable-file.js';
import { statOf } from './processes.js';
import { killProcesses } from './stopping.js';

export interface StartProgram {
  /** Names the attempt in answers. */
  readonly id: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where `stdout.log`, `stderr.log`, `spawn.json` and `exit.json` go. */
  readonly folder: string;
  /** `NAME=value` of the environment by which the program's processes are known. */
  readonly marks: readonly string[];
  /** For programs that must never run twice at once: killed this long after the agent has gone away. Null: it runs on. */
  readonly killWhenAloneMs: number | null;
}

export interface SpawnFile {
  readonly pid: number;
  readonly startTicks: number | null;
}

export interface ExitFile {
  readonly code: number | null;
  readonly signal: string | null;
  /** `ENOENT` and the like when the program could not be started. */
  readonly failure: string | null;
  /** Killed because the agent was gone: nobody may count this as the program's own end. */
  readonly abandoned: boolean;
}

export type KeeperAnswer = { readonly id: string; readonly spawned: SpawnFile } | { readonly id: string; readonly exited: ExitFile };

interface Running {
  readonly program: StartProgram;
  readonly spawned: SpawnFile;
  abandoned: boolean;
}

/** Not the one of `@sweep/runtime`: loading that would bring the logger and all into a process that lives as long as its programs. */
const clock = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };

const running = new Map<string, Running>();
let isAlone = false;

function start(program: StartProgram): void {
  const { id, argv, cwd, environment, folder } = program;
  const [file = '', ...rest] = argv;
  const stdout = openSync(join(folder, 'stdout.log'), 'a', 0o600);
  const stderr = openSync(join(folder, 'stderr.log'), 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(file, rest, { cwd, env: environment, detached: true, stdio: ['ignore', stdout, stderr] });
  } catch (error) {
    // A vector that no system call takes: an empty name, a NUL inside, more than the kernel's limit.
    end(program, { ...nothing, failure: codeOf(error) });
    return;
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
  child.once('error', (error) => {
    if (child.pid === undefined) end(program, { ...nothing, failure: codeOf(error) });
  });
  if (child.pid === undefined) return;
  const spawned = { pid: child.pid, startTicks: statOf(child.pid)?.startTicks ?? null };
  running.set(id, { program, spawned, abandoned: false });
  child.once('exit', (code, signal) => end(program, { ...nothing, code, signal }));
  writeWhole(join(folder, 'spawn.json'), JSON.stringify(spawned));
  answer({ id, spawned });
}

const nothing = { code: null, signal: null, failure: null };

function end(program: StartProgram, facts: Omit<ExitFile, 'abandoned'>): void {
  const exited = { ...facts, abandoned: running.get(program.id)?.abandoned ?? false };
  running.delete(program.id);
  writeWhole(join(program.folder, 'exit.json'), JSON.stringify(exited));
  answer({ id: program.id, exited });
  leaveIfDone();
}

function killWhenAlone(entry: Running): void {
  const { killWhenAloneMs, marks } = entry.program;
  if (killWhenAloneMs === null) return;
  setTimeout(() => {
    if (running.get(entry.program.id) !== entry) return;
    entry.abandoned = true;
    void killProcesses({ leader: entry.spawned, marks, census: null }, clock);
  }, killWhenAloneMs);
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

function answer(message: KeeperAnswer): void {
  if (isAlone) return;
  process.send?.(message, undefined, undefined, (error) => {
    // The agent went away at this moment: `disconnect` follows, and the files hold what it would have heard.
    if (error !== null) leaveIfDone();
  });
}

function leaveIfDone(): void {
  if (isAlone && running.size === 0) process.exit(0);
}

// Whoever stops the agent's group or terminal does not mean the programs: only their own signals end them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => undefined);
process.on('message', (message) => start(message as StartProgram));
process.on('disconnect', () => {
  isAlone = true;
  for (const entry of running.values()) killWhenAlone(entry);
  leaveIfDone();
});
