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
  return {
    write(text) {
      const length = Buffer.byteLength(text);
      if (bytes > 0 && bytes + length > mostBytes) {
        closeSync(file);
        renameSync(path, `${path}.1`);
        file = openSync(path, 'a', 0o600);
        bytes = 0;
      }
      // The break ends what was cut off.
      if (missing > 0 && append(`\n{"level":40,"msg":"${missing} lines are missing here: they could not be written"}\n`)) missing = 0;
      if (!append(text)) missing += 1;
    },
  };
}
