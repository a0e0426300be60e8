/**
 * TypeScript of this folder as one file that Node runs, the product's libraries from source included: nothing has to be built first.
 *
 * The file's name is the hash of its text: two versions can be measured at the same time.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

export const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, 'node_modules/.cache/sweep-quality');

export async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, entry)],
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
