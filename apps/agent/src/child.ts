/**
 * Training programs as the agent sees them: started through the keeper, or found again after a restart.
 *
 * Owns starting and knowing the end; signals are `stopping.ts`. Our own programs' ends are told by the keeper; those of an earlier
 * agent are watched by looking (their keeper lives, but no longer talks to us).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { Unavailable } from '@sweep/domain';
import type { Clock } from '@sweep/runtime';
import { readWhole } from './durable-file.js';
import type { ExitFile, KeeperAnswer, SpawnFile, StartProgram } from './keeper.js';
import { isAlive, processesWith } from './processes.js';

/** Null facts all over: the process is gone and nobody saw how. */
export const unseenEnd: ExitFile = { code: null, signal: null, failure: null, abandoned: false };
export const isUnseen = (end: ExitFile): boolean => end.code === null && end.signal === null && end.failure === null;

export interface Child {
  /** Null when it could not be started; `exited` says why. */
  readonly spawned: SpawnFile | null;
  readonly exited: Promise<ExitFile>;
}

export interface Keeper {
  /** Resolves when the program runs or could not be started. */
  start(program: StartProgram): Promise<Child>;
  /** Lets go of the keeper: it ends with its last program. */
  release(): void;
}

const lookEveryMs = 200;
/** A keeper writes `exit.json` within a moment of the end; after this long it is dead itself. */
const exitFileWithinMs = 2_000;

interface Expected {
  readonly folder: string;
  spawned(file: SpawnFile | null): void;
  exited(file: ExitFile): void;
}

export function createKeeper(path: string, clock: Clock): Keeper {
  const expected = new Map<string, Expected>();
  let keeper: ChildProcess | undefined;

  const hear = (answer: KeeperAnswer): void => {
    const program = expected.get(answer.id);
    if (program === undefined) return;
    if ('spawned' in answer) {
      program.spawned(answer.spawned);
      return;
    }
    expected.delete(answer.id);
    program.spawned(null);
    program.exited(answer.exited);
  };
  const launch = (): ChildProcess => {
    // Nothing of ours is its business: no inspector port, no key in its environment, no folder kept busy.
    const made = fork(path, [], { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [], env: {}, cwd: '/' });
    made.on('message', (message) => hear(message as KeeperAnswer));
    made.once('exit', () => {
      keeper = undefined;
      // Killed from outside. Its programs live on; from here they are watched like those of an earlier agent.
      for (const [id, program] of expected) {
        expected.delete(id);
        void findAgain(program.folder, [], clock).then((child) => {
          program.spawned(child.spawned);
          return child.exited.then(program.exited);
        });
      }
    });
    return made;
  };

  return {
    start(program) {
      keeper ??= launch();
      const running = keeper;
      return new Promise<Child>((resolve, reject) => {
        const exited = new Promise<ExitFile>((exit) => {
          const spawned = (file: SpawnFile | null): void => resolve({ spawned: file, exited });
          expected.set(program.id, { folder: program.folder, spawned, exited: exit });
        });
        running.send(program, (error) => {
          if (error === null || !expected.delete(program.id)) return;
          reject(new Unavailable(`the process that starts programs is gone: ${error.message}`));
        });
      });
    },
    release() {
      keeper?.unref();
      if (keeper?.connected === true) keeper.disconnect();
    },
  };
}

/**
 * The program of an attempt whose start was journalled by an earlier agent, or under a keeper that died.
 * @param marks of its environment, to find it when the keeper died before it wrote down the pid
 */
export async function findAgain(folder: string, marks: readonly string[], clock: Clock): Promise<Child> {
  const deadline = clock.now() + exitFileWithinMs;
  for (;;) {
    const end = readExit(folder);
    const spawned = readSpawn(folder) ?? (marks.length > 0 ? (processesWith(marks)[0] ?? null) : null);
    if (end !== null) return { spawned, exited: Promise.resolve(end) };
    if (spawned !== null) return { spawned, exited: watch(folder, spawned, clock) };
    if (clock.now() >= deadline) return { spawned: null, exited: Promise.resolve(unseenEnd) };
    await clock.sleep(lookEveryMs);
  }
}

async function watch(folder: string, spawned: SpawnFile, clock: Clock): Promise<ExitFile> {
  let goneAt: number | null = null;
  for (;;) {
    const end = readExit(folder);
    if (end !== null) return end;
    if (goneAt === null && !isAlive(spawned)) goneAt = clock.now();
    if (goneAt !== null && clock.now() >= goneAt + exitFileWithinMs) return unseenEnd;
    await clock.sleep(lookEveryMs);
  }
}

const readExit = (folder: string): ExitFile | null => readWhole(join(folder, 'exit.json')) as ExitFile | null;
const readSpawn = (folder: string): SpawnFile | null => readWhole(join(folder, 'spawn.json')) as SpawnFile | null;
