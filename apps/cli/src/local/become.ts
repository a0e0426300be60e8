/**
 * This process goes on as another of our programs, as exec(3) would have it, which Node has only from 22.15.
 *
 * One process to signal, to kill, to stop and to watch: a parent that hands things on could be killed and leave the program behind.
 */
import { pathToFileURL } from 'node:url';
import { stopListening } from '../signals.js';

/** Answers the exit code when the program has ended. It finds its arguments and settings where a started process would. */
export async function become(program: string, args: readonly string[]): Promise<number> {
  stopListening();
  process.argv = [process.execPath, program, ...args];
  await import(pathToFileURL(program).href);
  return Number(process.exitCode ?? 0);
}
