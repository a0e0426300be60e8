/** The command from source as a few files that start quickly: hundreds of starts are too slow with a loader that compiles. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Below the package, so that its dependencies are found; one for each test process. */
const folder = join(root, 'dist-testing', String(process.pid));

/** Packages of others stay imports; ours are taken from source. */
const othersAreExternal: Plugin = {
  name: 'others-are-external',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@sweep/') ? undefined : { path, external: true },
    );
  },
};

/** Answers the program to start. */
export async function buildCommand(): Promise<string> {
  await mkdir(folder, { recursive: true });
  await copyFile(join(root, 'package.json'), join(folder, 'package.json'));
  await build({
    entryPoints: { sweep: join(root, 'testing/sweep.mjs') },
    outdir: join(folder, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    conditions: ['source'],
    plugins: [othersAreExternal],
    logLevel: 'warning',
  });
  return join(folder, 'dist', 'sweep.js');
}

export const removeCommand = (): Promise<void> => rm(folder, { recursive: true, force: true });
