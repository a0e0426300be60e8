/** Programs of threads from source, as URLs that hold them whole: tests need no build, and leave no file. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

let built: Promise<URL> | undefined;

/** Made once a process. */
export function samplerProgram(): Promise<URL> {
  built ??= bundle('../src/sampling/worker.ts');
  return built;
}

/** Of the thread that digests what comes in. */
export const hashingProgram = (): Promise<URL> => bundle('../src/hashing-worker.ts');

/** One that dies over as many questions as the file has bytes. */
export const dyingProgram = (deathsFile: string): Promise<URL> => bundle('./dying-sampler.ts', { deathsFile: JSON.stringify(deathsFile) });

async function bundle(entry: string, define: Readonly<Record<string, string>> = {}): Promise<URL> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    define: { ...define },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'node',
    conditions: ['source'],
    // Packages that are CommonJS ask for Node's modules this way.
    banner: { js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf('/');" },
    logLevel: 'warning',
  });
  return new URL(`data:text/javascript;base64,${Buffer.from(outputFiles[0]!.contents).toString('base64')}`);
}
