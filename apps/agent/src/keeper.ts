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
import { writeDurably } from './durable-file.js';
import { statOf } from './processes.js';

export interface StartProgram {
  /** Names the attempt in answers. */
  readonly id: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where `stdout.log`, `stderr.log`, `spawn.json` and `exit.json` go. */
  readonly folder: string;
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
}

export type KeeperAnswer = { readonly id: string; readonly spawned: SpawnFile } | { readonly id: string; readonly exited: ExitFile };

const running = new Set<ChildProcess>();
let isAlone = false;

function start({ id, argv, cwd, environment, folder }: StartProgram): void {
  const [file = '', ...rest] = argv;
  const stdout = openSync(join(folder, 'stdout.log'), 'a', 0o600);
  const stderr = openSync(join(folder, 'stderr.log'), 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn(file, rest, { cwd, env: environment, detached: true, stdio: ['ignore', stdout, stderr] });
  } catch (error) {
    // A vector that no system call takes: an empty name, a NUL inside, more than the kernel's limit.
    end(id, folder, { code: null, signal: null, failure: codeOf(error) });
    return;
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
  running.add(child);
  child.once('error', (error) => {
    if (child.pid !== undefined) return;
    running.delete(child);
    end(id, folder, { code: null, signal: null, failure: codeOf(error) });
  });
  child.once('exit', (code, signal) => {
    running.delete(child);
    end(id, folder, { code, signal, failure: null });
  });
  if (child.pid === undefined) return;
  const spawned = { pid: child.pid, startTicks: statOf(child.pid)?.startTicks ?? null };
  writeDurably(join(folder, 'spawn.json'), JSON.stringify(spawned));
  answer({ id, spawned });
}

function end(id: string, folder: string, exited: ExitFile): void {
  writeDurably(join(folder, 'exit.json'), JSON.stringify(exited));
  answer({ id, exited });
  leaveIfDone();
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
  leaveIfDone();
});
