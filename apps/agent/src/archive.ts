/**
 * Folders as `.tar.gz`, both ways. What comes in was made elsewhere: nothing of it may leave its folder, and it has limits.
 *
 * Owns packing and safe unpacking; where archives come from and go to is `blobs.ts`.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, readlink, realpath, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { Invalid, TooLarge } from '@sweep/domain';
import { extract, type Header, pack } from 'tar-stream';

export interface UnpackLimits {
  readonly bytes: number;
  readonly entries: number;
}

interface Link {
  readonly path: string;
  readonly target: string;
}

/** @throws Invalid for an entry that would leave the folder or is no file, TooLarge beyond the limits; the folder is then half full */
export async function unpack(archive: AsyncIterable<Uint8Array>, folder: string, limits: UnpackLimits): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const entries = extract();
  // The package's streams are Node's in all that `pipeline` uses, but not in their types.
  const feeding = pipeline(Readable.from(archive), createGunzip(), entries as unknown as Writable);
  // Its error also ends the loop below; this only says that somebody listens.
  feeding.catch(() => undefined);
  const links: Link[] = [];
  let bytes = 0;
  let count = 0;
  for await (const entry of entries) {
    const { header } = entry;
    bytes += header.size;
    if (++count > limits.entries) throw new TooLarge(`the archive has more than ${limits.entries} entries`);
    if (bytes > limits.bytes) throw new TooLarge(`the archive unpacks to more than ${limits.bytes} bytes`);
    const path = placeOf(header, folder);
    if (header.type === 'symlink') links.push({ path, target: linkTarget(header, path, folder) });
    else if (header.type === 'directory') await mkdir(path, { recursive: true, mode: 0o700 });
    else await writeEntry(entry as unknown as AsyncIterable<Uint8Array>, path, header);
    entry.resume();
  }
  await feeding;
  await makeLinks(links, folder);
}

function placeOf(header: Header, folder: string): string {
  if (header.type !== 'file' && header.type !== 'contiguous-file' && header.type !== 'directory' && header.type !== 'symlink')
    throw new Invalid(
      `the archive holds a ${header.type} (${JSON.stringify(header.name)}): only files, folders and symbolic links are unpacked`,
    );
  const path = resolve(folder, header.name);
  if (isAbsolute(header.name) || header.name.includes('\0') || !isInside(path, folder))
    throw new Invalid(`the archive's entry ${JSON.stringify(header.name)} would leave its folder`);
  return path;
}

function linkTarget({ name, linkname }: Header, path: string, folder: string): string {
  const climbsLater = /(?:^|\/)(?!\.\.?(?:\/|$))[^/]+\/(?:.*\/)?\.\.(?:\/|$)/.test(linkname);
  if (climbsLater || isAbsolute(linkname) || !isInside(resolve(dirname(path), linkname), folder))
    throw new Invalid(`the archive's link ${JSON.stringify(name)} points outside (${JSON.stringify(linkname)})`);
  return linkname;
}

const isInside = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);

async function writeEntry(content: AsyncIterable<Uint8Array>, path: string, header: Header): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // `wx`: an entry that comes twice is refused, so none is written through another.
  await pipeline(content, createWriteStream(path, { flags: 'wx', mode: (header.mode & 0o777) | 0o600 }));
}

/**
 * Last, so that no file is ever written through a link. A link lies in a real folder, and climbs only at its beginning: so the kernel,
 * which goes through other links where the text does not, ends up inside as well.
 */
async function makeLinks(links: readonly Link[], folder: string): Promise<void> {
  const root = await realpath(folder);
  for (const { path, target } of links) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if ((await realpath(dirname(path))) !== join(root, relative(folder, dirname(path))))
      throw new Invalid(`the archive's link to ${JSON.stringify(target)} lies behind another link`);
    await symlink(target, path);
  }
}

/** Files, folders and the symbolic links that stay inside; sockets and the like are left out. Empty files are kept. */
export async function packFolder(folder: string, to: string): Promise<void> {
  const archive = pack();
  const filling = fill(archive, folder).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  );
  await Promise.all([pipeline(archive as unknown as Readable, createGzip({ level: 1 }), createWriteStream(to, { mode: 0o600 })), filling]);
}

async function fill(archive: ReturnType<typeof pack>, folder: string): Promise<void> {
  for (const path of await listFolder(folder)) {
    const name = relative(folder, path);
    const stat = await lstat(path);
    const header = { name, mode: stat.mode & 0o777, mtime: stat.mtime };
    if (stat.isDirectory()) archive.entry({ ...header, type: 'directory' });
    else if (stat.isSymbolicLink()) {
      const linkname = await readlink(path);
      if (!isAbsolute(linkname) && isInside(resolve(dirname(path), linkname), folder))
        archive.entry({ ...header, type: 'symlink', linkname });
    } else if (stat.isFile()) await packFile(archive, path, { ...header, size: stat.size });
  }
}

async function packFile(archive: ReturnType<typeof pack>, path: string, header: { name: string; size: number }): Promise<void> {
  if (header.size === 0) {
    archive.entry(header, '');
    return;
  }
  // A file that grows while it is packed is packed as it was when its size was read.
  await pipeline(createReadStream(path, { end: header.size - 1 }), archive.entry(header) as unknown as Writable);
}

/** Everything below, folders before what is in them. */
export async function listFolder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? [path, ...(await listFolder(path))] : [path];
    }),
  );
  return found.flat();
}
