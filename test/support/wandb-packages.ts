/** Releases of the `wandb` package, unpacked without what they need: to be read, not run. Kept from one run of the tests to the next. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const cache = fileURLToPath(new URL('../../node_modules/.cache/wandb-packages', import.meta.url));
const run = promisify(execFile);

/** Releases that must work. */
export const wandbVersions = ['0.31.0', '0.28.2', '0.25.1', '0.19.11'] as const;

/** The folder of the Python package; or the reason why it cannot be had. */
export async function wandbPackage(version: string): Promise<string | { readonly skip: string }> {
  const folder = join(cache, version);
  if (existsSync(folder)) return join(folder, 'wandb');
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'unpacking-'));
  try {
    const arguments_ = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--target', scratch];
    await run('python3', [...arguments_, `wandb==${version}`]);
    // Whoever is first wins; what another run has put there meanwhile is the same.
    if (!existsSync(folder)) await rename(scratch, folder);
    return join(folder, 'wandb');
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT') return { skip: 'python: python3 is not on PATH' };
    if (stderr === undefined) throw error;
    return { skip: `wandb: pip cannot install wandb ${version}: ${stderr.trim().split('\n').at(-1) ?? ''}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
