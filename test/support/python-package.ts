/** Releases of Python packages, each in a folder of its own. Kept from one run of the tests to the next. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const caches = join(import.meta.dirname, '../../node_modules/.cache');
const run = promisify(execFile);

export interface PythonPackage {
  /** As pip takes it, extras included: `moto[server]`. */
  readonly name: string;
  readonly version: string;
  /** Below the caches of this checkout. */
  readonly cache: string;
  /** Without what it needs: to be read, not run. */
  readonly alone?: boolean;
}

/** Folder for PYTHONPATH; or the reason why it cannot be had. */
export async function pythonPackage({ name, version, cache, alone = false }: PythonPackage): Promise<string | { readonly skip: string }> {
  const folder = join(caches, cache, version);
  if (existsSync(folder)) return folder;
  await mkdir(join(caches, cache), { recursive: true });
  const scratch = await mkdtemp(join(caches, cache, 'unpacking-'));
  const needs = alone ? ['--no-deps'] : [];
  try {
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...needs, '--target', scratch];
    await run('python3', [...install, `${name}==${version}`]);
    // Whoever is first wins; what another run has put there meanwhile is the same.
    if (!existsSync(folder)) await rename(scratch, folder);
    return folder;
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT') return { skip: 'python: python3 is not on PATH' };
    if (stderr === undefined) throw error;
    return { skip: `python: pip cannot install ${name} ${version}: ${stderr.trim().split('\n').at(-1) ?? ''}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
