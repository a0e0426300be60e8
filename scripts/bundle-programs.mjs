/**
 * The product's programs as a few files each, in `bundle/` of their package: a start then reads some ten files instead of two thousand.
 *
 * From what the compiler made, so `tsc -b` comes first. Nothing is renamed: a stack trace names the functions of the source.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { pack } from 'tar-stream';
import { root } from './run.mjs';

/** Files that are started by themselves, as programs or as threads. */
const programs = {
  controller: ['main.js', 'reset-key.js', 'backup.js', 'sampling/worker.js', 'hashing-worker.js'],
  agent: ['main.js', 'keeper.js'],
  cli: ['main.js'],
};

/** In `bundle/` of the agent. */
const archiveName = 'sweep-agent.tar.gz';

/** Nest asks for these when an application uses them; ours does not, and they are not installed. */
const neverInstalled = [
  '@nestjs/websockets',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@fastify/view',
  '@fastify/multipart',
  'class-validator',
  'class-transformer',
  'pg-native',
].flatMap((name) => [name, `${name}/*`]);

/** Loads a CommonJS package by `import()` and reads its names, which a bundle does not give. */
const leftOut = ['@fastify/cookie'];

/** CommonJS packages inside ask for these three. The bundler does not see these names, so none of ours may be called like them. */
const commonJs = `import { createRequire as nodeRequireFrom } from 'node:module';
import { dirname as nodeFolderOf } from 'node:path';
import { fileURLToPath as nodePathOf } from 'node:url';
const require = nodeRequireFrom(import.meta.url), __filename = nodePathOf(import.meta.url), __dirname = nodeFolderOf(__filename);`;

async function bundle(name, entries) {
  const compiled = join(root, 'apps', name, 'dist');
  const folder = join(root, 'apps', name, 'bundle');
  const { outputFiles, metafile } = await build({
    entryPoints: entries.map((entry) => join(compiled, entry)),
    bundle: true,
    splitting: true,
    write: false,
    outdir: folder,
    outbase: compiled,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    legalComments: 'none',
    external: [...neverInstalled, ...leftOut],
    banner: { js: commonJs },
    logLevel: 'warning',
    metafile: true,
  });
  refuseNamelessImports(metafile.inputs);
  for (const { path, contents } of outputFiles) await replace(path, contents);
  await removeOthers(folder, new Set([archiveName, ...outputFiles.map(({ path }) => relative(folder, path))]));
}

/** `import()` of CommonJS answers no names in a bundle, though it does where each file is its own. */
function refuseNamelessImports(inputs) {
  for (const [path, { imports }] of Object.entries(inputs)) {
    const nameless = imports.find(({ kind, path: found }) => kind === 'dynamic-import' && inputs[found]?.format === 'cjs');
    if (nameless && path.startsWith('apps/'))
      throw new Error(`${path} imports ${nameless.original} when needed, which is CommonJS: import a file of ours that imports it`);
  }
}

/** At one moment, and before anything old is removed: a program may be starting from these files. */
async function replace(path, contents) {
  await mkdir(dirname(path), { recursive: true });
  const fresh = join(dirname(path), `.${basename(path)}.${process.pid}`);
  await writeFile(fresh, contents);
  await rename(fresh, path);
}

async function removeOthers(folder, kept) {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const stale = files.filter((file) => file.isFile() && !kept.has(relative(folder, join(file.parentPath, file.name))));
  await Promise.all(stale.map((file) => rm(join(file.parentPath, file.name), { force: true })));
}

/** What a controller hands to other machines. Always the same bytes for the same files: their checksum is the version's. */
async function packAgent() {
  const folder = join(root, 'apps', 'agent');
  const { name, version, type, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(join(folder, 'bundle'))).filter((file) => file.endsWith('.js')).sort();
  const archive = pack();
  const entry = (path, content) => archive.entry({ name: path, mode: 0o600, mtime: new Date(0) }, content);
  entry('package.json', `${JSON.stringify({ name, version, type, license, private: true })}\n`);
  for (const file of files) entry(`bundle/${file}`, await readFile(join(folder, 'bundle', file)));
  archive.finalize();
  await replace(join(folder, 'bundle', archiveName), gzipSync(await buffer(archive), { level: 9 }));
}

await Promise.all(Object.entries(programs).map(([name, entries]) => bundle(name, entries)));
await packAgent();
