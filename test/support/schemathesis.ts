/** The `schemathesis` program, in a folder of its own. Kept from one run of the tests to the next. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const version = '4.32.5';
const cache = join(import.meta.dirname, '../../node_modules/.cache/schemathesis');
const run = promisify(execFile);

/** Folder for PYTHONPATH; or the reason why it cannot be had. */
export async function schemathesis(): Promise<string | { readonly skip: string }> {
  const folder = join(cache, version);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'unpacking-'));
  try {
    await run('python3', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--target',
      scratch,
      `schemathesis==${version}`,
    ]);
    if (!existsSync(folder)) await rename(scratch, folder);
    return folder;
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT') return { skip: 'python: python3 is not on PATH' };
    if (stderr === undefined) throw error;
    return { skip: `schemathesis: pip cannot install it: ${stderr.trim().split('\n').at(-1) ?? ''}` };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
