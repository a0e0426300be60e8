/**
 * Gap between two trials on a slot: from the last instruction of one program to the first of the next.
 *
 * That span holds the end of one `sh` and the start of the next, which no scheduler can spare. The same program run by a bare loop
 * of the shell, just before and just after the trials, says what that costs here and now; both figures are printed.
 * Trials that do nothing keep the controller busy with the last one while the next is wanted: that is the worst case. Trials of
 * 200 ms are beside them. The first hundred of a new controller and agent run code that is not compiled yet: they are told apart.
 */
import { spawnSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quantile, startSystem, waitFor } from './system.mjs';

const trials = 200;

export async function gap(options) {
  const system = await startSystem(options);
  try {
    system.agent(1);
    await waitFor(async () => (await system.client.listAgents()).total === 1, 'the agent');
    const before = await bareLoop(system);
    const first = await gapsOf(system, trials / 2, '');
    const empty = await gapsOf(system, trials, '');
    const short = await gapsOf(system, trials / 2, 'sleep 0.2;');
    const after = await bareLoop(system);
    const start = quantile([...before, ...after].sort(ascending), 0.5);
    return {
      'gap p50 (ms)': quantile(empty, 0.5).toFixed(1),
      'gap p99 (ms)': quantile(empty, 0.99).toFixed(1),
      'start of the program alone p50 (ms)': start.toFixed(1),
      'gap p50 less the start (ms)': (quantile(empty, 0.5) - start).toFixed(1),
      'gap p99 less the start (ms)': (quantile(empty, 0.99) - start).toFixed(1),
      'gap p50 less the start, trials of 200 ms (ms)': (quantile(short, 0.5) - start).toFixed(1),
      'gap p99 less the start, trials of 200 ms (ms)': (quantile(short, 0.99) - start).toFixed(1),
      'the first trials of the processes, p50 less the start (ms)': (quantile(first, 0.5) - start).toFixed(1),
      trials: `${trials / 2} first, then ${trials} empty, ${trials / 2} of 200 ms`,
    };
  } finally {
    await system.stop();
  }
}

const ascending = (a, b) => a - b;
const timed = (file, work) => `date +s%s%N >> ${file}; ${work} date +e%s%N >> ${file}`;

async function gapsOf(system, count, work) {
  const file = join(system.folder, 'times');
  const values = Array.from({ length: count }, (_, index) => index).join(', ');
  const { id } = await system.client.createSweep({
    config: `method: grid\nparameters: {x: {values: [${values}]}}\ncommand: [sh, -c, ${JSON.stringify(timed(file, work))}]\n`,
  });
  await system.ended(id);
  return gapsIn(file);
}

async function bareLoop(system) {
  const file = join(system.folder, 'bare');
  spawnSync('sh', ['-c', `for i in $(seq ${trials}); do sh -c '${timed(file, '')}'; done`]);
  return gapsIn(file);
}

async function gapsIn(file) {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  await rm(file);
  const gaps = [];
  for (let i = 1; i + 1 < lines.length; i += 2) gaps.push(Number(BigInt(lines[i + 1].slice(1)) - BigInt(lines[i].slice(1))) / 1e6);
  return gaps.sort(ascending);
}
