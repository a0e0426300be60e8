/**
 * Starts the quality benchmark from source: the optimiser and the benchmark become one bundle, so nothing has to be built first.
 *
 * The bundle's name is the hash of its text: two versions can be measured at the same time.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../../..');

async function bundled(entry, folder) {
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
  const file = join(folder, `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.mjs`);
  await writeFile(file, text);
  return file;
}

export async function quality(words) {
  const folder = join(root, 'node_modules/.cache/sweep-quality');
  await mkdir(folder, { recursive: true });
  const [main, workerFile] = await Promise.all(['main.ts', 'run/worker.ts'].map((entry) => bundled(entry, folder)));
  const { run } = await import(main);
  return run(words, { root, workerFile });
}
