/** Gap between one trial's end and the next one's start on a slot, as the agent sees it: from exit to spawn, start of the program not counted. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quantile, startSystem, waitFor } from './system.mjs';

const trials = 200;

export async function gap(options) {
  const system = await startSystem(options);
  try {
    system.agent(1);
    await waitFor(async () => (await system.client.listAgents()).total === 1, 'the agent');
    // The program writes the time at its start and at its end; its own start-up cost is measured beside and subtracted.
    const file = join(system.folder, 'times');
    const script = `date +s%s%N >> ${file}; date +e%s%N >> ${file}`;
    const values = Array.from({ length: trials }, (_, index) => index).join(', ');
    const { id } = await system.client.createSweep({
      config: `method: grid\nparameters: {x: {values: [${values}]}}\ncommand: [sh, -c, ${JSON.stringify(script)}]\n`,
    });
    await system.ended(id);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const gaps = [];
    for (let i = 1; i + 1 < lines.length; i += 2) gaps.push(Number(BigInt(lines[i + 1].slice(1)) - BigInt(lines[i].slice(1))) / 1e6);
    gaps.sort((a, b) => a - b);
    return { 'gap p50 (ms)': quantile(gaps, 0.5).toFixed(1), 'gap p99 (ms)': quantile(gaps, 0.99).toFixed(1), trials: gaps.length + 1 };
  } finally {
    await system.stop();
  }
}
