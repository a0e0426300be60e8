/**
 * A log file that does not fill the disk: when it has grown large it becomes `FILE.1`, in place of the one before.
 *
 * Where the disk is full all the same, lines are left out and counted: what is logged must never end because of its log.
 */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RotatingFile {
  /** On disk, but not synced, when it returns. */
  write(text: string): void;
}

export function rotatingFile(path: string, mostBytes: number): RotatingFile {
  mkdirSync(dirname(path), { recursive: true });
  let file = openSync(path, 'a', 0o600);
  let bytes = fstatSync(file).size;
  let missing = 0;
  /** All of it, or it counts as missing. */
  const append = (text: string): boolean => {
    try {
      const length = Buffer.byteLength(text);
      const written = writeSync(file, text);
      bytes += written;
      return written === length;
    } catch {
      return false;
    }
  };
  const rotate = (): void => {
    let next: number | null = null;
    try {
      next = openSync(`${path}.new`, 'w', 0o600);
      renameSync(path, `${path}.1`);
      renameSync(`${path}.new`, path);
    } catch {
      // No room for another file, say: the old one goes on.
      if (next !== null) closeSync(next);
      return;
    }
    closeSync(file);
    [file, bytes] = [next, 0];
  };
  return {
    write(text) {
      const length = Buffer.byteLength(text);
      if (bytes > 0 && bytes + length > mostBytes) rotate();
      // The break ends what was cut off.
      if (missing > 0 && append(`\n{"level":40,"msg":"${missing} lines are missing here: they could not be written"}\n`)) missing = 0;
      if (!append(text)) missing += 1;
    },
  };
}
