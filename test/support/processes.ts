/** Processes that a test starts: their output, their end, and the proof that none is left. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { until } from './until.js';

export interface Started {
  readonly pid: number;
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
}

export function start(command: string, args: readonly string[], { cwd, env, input }: StartOptions): Started {
  const child = spawn(command, args, { cwd, env: { ...inherited(), ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.end(input ?? '');
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  return { pid: child.pid ?? -1, child, stdout: () => stdout, stderr: () => stderr, ended, kill: (signal) => void child.kill(signal) };
}

/** What a program needs to run at all; no setting of the person who runs the tests. */
function inherited(): Record<string, string> {
  const kept = ['PATH', 'LANG', 'TMPDIR', 'LD_LIBRARY_PATH'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));
}

export function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return false;
  try {
    // State Z: ended, only not yet waited for by its parent.
    return !/\) Z /.test(readFileSync(stat, 'utf8'));
  } catch {
    return false;
  }
}

/** Processes whose environment or command line mentions the text: a test's own folder, say. */
export function processesWith(text: string): readonly { readonly pid: number; readonly command: string }[] {
  const found: { pid: number; command: string }[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const command = readQuietly(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
    if (isAlive(pid) && (command.includes(text) || readQuietly(`/proc/${pid}/environ`).includes(text))) found.push({ pid, command });
  }
  return found;
}

/** A process may end between the listing and the read. */
function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Fails the test when anything that names the folder is still running. */
export async function expectNoneLeft(folder: string): Promise<void> {
  await until(() => processesWith(folder).length === 0, {
    what: `no process of ${folder} to be left`,
    withinMs: 10_000,
    seen: () => processesWith(folder),
  });
}
