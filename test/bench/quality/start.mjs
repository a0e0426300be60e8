/** Starts the quality benchmark from source. */
import { bundled, root } from './bundle.mjs';

export async function quality(words) {
  const [main, workerFile] = await Promise.all(['main.ts', 'run/worker.ts'].map(bundled));
  const { run } = await import(main);
  return run(words, { root, workerFile });
}
