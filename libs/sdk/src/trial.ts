/** The running trial as the program sees it: its params, its folders and its ids. By hand, without a sweep, there are defaults. */
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readEnvironment, type TrialIds } from './config.js';

/**
 * The trial's params over `defaults`. Started by hand, there are only the defaults.
 *
 * The type is the caller's word: the sweep file decides what is really there.
 */
export function params<T extends object>(defaults?: T): T {
  const { paramsFile } = readEnvironment();
  const given: unknown = paramsFile === undefined ? {} : JSON.parse(readFileSync(paramsFile, 'utf8'));
  return { ...defaults, ...(given as T) };
}

/** Undefined when the program was started by hand. */
export function trial(): TrialIds | undefined {
  return readEnvironment().ids;
}

/** What is kept here is there again when the trial is tried again, also on another machine. By hand: `./checkpoint`. */
export function checkpointDir(): string {
  return folder(readEnvironment().checkpointDir ?? 'checkpoint');
}

/** What is left here becomes the trial's files. By hand: `./output`. */
export function outputDir(): string {
  return folder(readEnvironment().outputDir ?? 'output');
}

function folder(path: string): string {
  const absolute = resolve(path);
  mkdirSync(absolute, { recursive: true });
  return absolute;
}
