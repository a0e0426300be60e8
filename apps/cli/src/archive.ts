/**
 * The working folder as one archive (tar, gzip), the same bytes for the same files: sorted names, no times, no owners.
 *
 * Owns what goes in. Links are followed only within the folder, so that nothing from outside is shipped by accident.
 */
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import picomatch from 'picomatch';
import { pack } from 'tar-stream';
import { CommandError } from './exit.js';

export interface Selection {
  /** Globs; everything if empty. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface Archive {
  readonly bytes: Uint8Array;
  /** Lower-case SHA-256 of the bytes. */
  readonly hash: string;
  readonly files: readonly string[];
}

/** Never shipped: history, installed packages, caches, results, and files that hold secrets. */
export const alwaysExcluded = [
  '.git',
  'node_modules',
  '__pycache__',
  '.venv',
  'venv',
  '.mypy_cache',
  '.pytest_cache',
  '.ipynb_checkpoints',
  'wandb',
  '.env',
  '*.pyc',
  '.DS_Store',
];

/** More than this is data, which belongs on the machines and not in every archive. */
const mostBytes = 512 * 1024 * 1024;

export async function packFolder(folder: string, selection: Selection): Promise<Archive> {
  const files = await selectFiles(folder, selection);
  const tar = pack();
  const whole = collectBytes(tar);
  let size = 0;
  for (const name of files) {
    const path = join(folder, name);
    const info = await lstat(path);
    const header = { name: name.split(sep).join('/'), mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' };
    if (info.isSymbolicLink()) {
      tar.entry({ ...header, type: 'symlink', linkname: await readlink(path), mode: 0o777 });
      continue;
    }
    const content = await readFile(path);
    size += content.length;
    if (size > mostBytes) throw new CommandError(`${folder} holds more than 512 MiB to ship: narrow it with code.include and code.exclude`);
    // The executable bit matters to a program; the rest of the mode is this machine's habit.
    tar.entry({ ...header, mode: (info.mode & 0o111) === 0 ? 0o644 : 0o755 }, content);
  }
  tar.finalize();
  const bytes = await promisify(gzip)(await whole, { level: 6 });
  // Byte 9 names the operating system that packed it (RFC 1952): 255 is "unknown".
  bytes[9] = 255;
  return { bytes, hash: createHash('sha256').update(bytes).digest('hex'), files };
}

async function collectBytes(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}

/** Relative paths of the files and links within, sorted by their code units: the same everywhere. */
export async function selectFiles(folder: string, { include, exclude }: Selection): Promise<string[]> {
  const options = { dot: true };
  const wanted = include.length === 0 ? () => true : matcher(include, options);
  const unwanted = matcher([...alwaysExcluded, ...exclude], options);
  const root = await realpath(folder);
  const found: string[] = [];
  const walk = async (at: string): Promise<void> => {
    for (const entry of await readdir(join(root, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (unwanted(path)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (wanted(path) && (entry.isFile() || (entry.isSymbolicLink() && (await staysWithin(root, path))))) found.push(path);
    }
  };
  await walk('');
  return found.sort((a, b) => (a < b ? -1 : 1));
}

/** A glob without a slash means that name at any depth; one that names a folder means all within. */
function matcher(globs: readonly string[], options: object): (path: string) => boolean {
  const patterns = globs.flatMap((glob) => {
    const plain = glob.replace(/^\.\//, '').replace(/\/$/, '');
    const anywhere = plain.includes('/') ? plain : `**/${plain}`;
    return [anywhere, `${anywhere}/**`];
  });
  return picomatch(patterns, options);
}

async function staysWithin(root: string, path: string): Promise<boolean> {
  try {
    const target = await realpath(join(root, path));
    return target.startsWith(root + sep) && !(await readlink(join(root, path))).startsWith('/');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cause;
  }
}
