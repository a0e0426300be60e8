/**
 * Small files that a crash must leave whole: the old content or the new one, never a part.
 *
 * Two strengths. A killed process loses nothing that was written, so `writeWhole` (rename, no fsync) is enough for what only matters
 * while the machine lives: the journal of attempts, whose programs die with the machine too. `writeDurably` survives a power cut.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export function writeWhole(path: string, text: string): void {
  replace(path, text, false);
}

/** Costs two fsyncs: 1 to 10 ms. */
export function writeDurably(path: string, text: string): void {
  replace(path, text, true);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** The value, or null when there is no file, or one that a power cut tore. */
export function readWhole(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

function replace(path: string, text: string, sync: boolean): void {
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    if (sync) fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

/** True for the error of a write for which there is no room. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

/** True for the error of a file that is not there. */
export const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
