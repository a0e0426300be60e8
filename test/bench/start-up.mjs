/** Start times (database made, and warm), the command line's start, and memory at rest. */
import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { residentMb, root, startSystem, waitFor } from './system.mjs';

export async function startUp(options) {
  const cold = await startSystem(options);
  const agent = cold.agent(1);
  await waitFor(async () => (await cold.client.listAgents()).total === 1, 'the agent');
  await new Promise((done) => setTimeout(done, 3_000));
  const controllerMb = await residentMb(cold.controllerPid);
  const agentMb = await residentMb(agent.pid);
  await cold.stop({ keep: true });
  const warm = await startSystem({ ...options, folder: cold.folder });
  await warm.stop({ keep: true });
  await rm(cold.folder, { recursive: true, force: true });
  const help = Array.from({ length: 7 }, () => {
    const begun = performance.now();
    spawnSync('node', [join(root, 'apps/cli/bin/sweep.mjs'), '--help']);
    return performance.now() - begun;
  }).sort((a, b) => a - b);
  return {
    'controller cold (s)': (cold.upMs / 1000).toFixed(2),
    'controller warm (s)': (warm.upMs / 1000).toFixed(2),
    'sweep --help p50 (ms)': Math.round(help[3]),
    'controller at rest (MiB)': Math.round(controllerMb),
    'agent at rest (MiB)': Math.round(agentMb),
  };
}
