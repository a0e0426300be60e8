/**
 * `npm run demo`: a controller and two agents on this machine, a sweep of small networks on real digits, its best trial, and nothing
 * left behind. Everything lies in a temporary folder; Ctrl-C stops and cleans up too.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './run.mjs';
import { main, setup } from './setup.mjs';
import { commandLine, end } from './system.mjs';

const agents = 2;

async function demonstrate(sweep) {
  const server = await sweep.json('up', '--agents', String(agents), '--detach');
  console.log(`dashboard ${server.url}\nAPI       ${server.url}/api/docs\n`);
  const { id, name } = await sweep.json('create', join(root, 'sweeps', 'mnist-cnn', 'sweep.yaml'));
  console.log(`sweep ${id} (${name}) on ${agents} agents`);
  const watched = await sweep.show('watch', id);
  if (watched.code !== 0) return watched.code;
  console.log('\nthe best trials:');
  await sweep.show('best', id, '-n', '3');
  const { state, best, counts } = await sweep.json('show', id);
  console.log(`\n${counts.completed} trials completed, ${counts.pruned} were stopped early, ${counts.failed} failed`);
  return state === 'completed' && best !== null && counts.failed === 0 ? 0 : 1;
}

await main(async () => {
  let interrupted = false;
  // The command that runs at the moment gets the signal too and ends; here it only must not end us before the cleaning up.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      interrupted = true;
    });
  }
  await setup();
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'sweep-demo-'));
  const sweep = commandLine(folder);
  let code = 1;
  try {
    code = await demonstrate(sweep);
  } catch (error) {
    if (!interrupted) throw error;
  } finally {
    const left = await end(sweep, folder);
    if (left.length > 0) {
      console.log(`processes were left running and had to be killed: ${left.join(', ')}`);
      code = 1;
    }
  }
  if (interrupted) return 130;
  console.log(
    `${code === 0 ? 'done' : 'the demo failed'} after ${((performance.now() - began) / 1000).toFixed(0)} s; nothing is left behind`,
  );
  return code;
});
