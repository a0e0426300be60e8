/**
 * TypeScript as one file that Node runs, the product's libraries from source included: nothing has to be built first.
 *
 * The file's name is the hash of its text: two versions can be measured at the same time.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './run.mjs';

const folder = join(root, 'node_modules/.cache/sweep-bundles');

/** @param {string} entry from the root of the repository */
export async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    conditions: ['source'],
    // yaml is CommonJS inside and asks for Node's modules with require.
    banner: { js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);" },
  });
  const [{ text }] = outputFiles;
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.mjs`);
  await writeFile(file, text);
  return file;
}
