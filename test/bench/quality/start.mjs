/** Starts the quality benchmark from source. */
import { bundled } from '../../../scripts/bundle.mjs';
import { root } from '../../../scripts/run.mjs';

export async function quality(words) {
  const [main, workerFile] = await Promise.all(['main.ts', 'run/worker.ts'].map((entry) => bundled(`test/bench/quality/${entry}`)));
  const { run } = await import(main);
  return run(words, { root, workerFile });
}
