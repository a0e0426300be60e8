/** Starts the fuzzing of the optimizer from source: `npm run fuzz -- [COUNT] [SEED]`. */
import { bundled } from './bundle.mjs';

const { run } = await import(await bundled('libs/optimizer/testing/fuzz/main.ts'));
process.exitCode = run(process.argv.slice(2));
