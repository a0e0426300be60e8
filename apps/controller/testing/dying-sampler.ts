/** A sampling thread that dies over its first questions: as often as the file that it is built with has bytes; each death takes one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

declare const deathsFile: string;

parentPort!.on('message', ({ kind }: { readonly kind: string }) => {
  const left = readFileSync(deathsFile, 'utf8');
  if (kind !== 'question' || left === '') return;
  writeFileSync(deathsFile, left.slice(1));
  process.exit(1);
});
await import('../src/sampling/worker.js');
