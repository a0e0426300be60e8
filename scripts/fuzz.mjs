/**
 * Starts a fuzzer: `npm run fuzz -- [COUNT] [SEED]` the optimizer from source; `npm run fuzz -- api|gateway [SECONDS] [SEED]` a whole
 * controller (from the build), 5 minutes unless said otherwise.
 */
import { bundled } from './bundle.mjs';
import { run } from './run.mjs';

const tests = { api: 'api', gateway: 'protobuf' };
const [kind, seconds = '300', seed = '7'] = process.argv.slice(2);

if (Object.hasOwn(tests, kind ?? '')) {
  const args = ['run', '--project=security', `test/security/${tests[kind]}.test.ts`];
  const { code } = await run('vitest', args, { env: { SWEEP_FUZZ_SECONDS: seconds, SWEEP_FUZZ_SEED: seed }, show: true });
  process.exitCode = code;
} else {
  const optimizer = await import(await bundled('libs/optimizer/testing/fuzz/main.ts'));
  process.exitCode = optimizer.run(process.argv.slice(2));
}
