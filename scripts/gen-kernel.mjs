/**
 * Compiles libs/optimizer/assembly to WebAssembly and writes it as text, since the library may read no file:
 * `node scripts/gen-kernel.mjs [FILE]`, by default the committed one.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './run.mjs';

export const kernelFile = join('libs', 'optimizer', 'src', 'gp', 'gen', 'kernel.wasm.ts');

/** @returns the text of the generated file; the same for the same sources */
export async function compileKernel() {
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd'];
  let binary;
  const { error, stderr } = await asc.main(
    [join('libs', 'optimizer', 'assembly', 'kernel.ts'), '--baseDir', root, '--outFile', 'kernel.wasm', ...options],
    { writeFile: (_name, contents) => (binary = contents) },
  );
  if (error !== null || binary === undefined) throw new Error(`the kernel does not compile: ${error?.message}\n${stderr.toString()}`);
  return textOf(Buffer.from(binary));
}

function textOf(binary) {
  const lines = binary.toString('base64').match(/.{1,120}/g);
  return [
    '// Written by `npm run gen` from libs/optimizer/assembly. Not for editing.',
    '',
    `/** SHA-256 of the module. */`,
    `export const kernelDigest = '${createHash('sha256').update(binary).digest('hex')}';`,
    '',
    `/** The module in Base64, ${binary.length} bytes. */`,
    `export const kernelBase64 =`,
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}

if (process.argv[1] === import.meta.filename) writeFileSync(process.argv[2] ?? join(root, kernelFile), await compileKernel());
