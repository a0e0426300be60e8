/** A log file that does not fill the disk: when it has grown large it becomes `FILE.1`, in place of the one before. */
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
  return {
    write(text) {
      const length = Buffer.byteLength(text);
      if (bytes > 0 && bytes + length > mostBytes) {
        closeSync(file);
        renameSync(path, `${path}.1`);
        file = openSync(path, 'a', 0o600);
        bytes = 0;
      }
      writeSync(file, text);
      bytes += length;
    },
  };
}
