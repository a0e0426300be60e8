/** What many real clients cost the controller: 20 programs that log ten metrics ten times a second, with the client's own settings. */
import { startSystem, waitFor } from '../system.mjs';
import { cpuSeconds, noClient, python } from './calls.mjs';

const clients = 20;
const seconds = 45;
/** Starting them all at once would measure the machine. */
const startedAtOnce = 4;

export async function manyClients() {
  if (noClient !== null) return noClient;
  const system = await startSystem();
  const programs = [];
  try {
    const saying = (word) => programs.filter(({ output }) => output().includes(word)).length;
    while (programs.length < clients) {
      for (let one = 0; one < startedAtOnce; one += 1) programs.push(python(system, 'log.py', [seconds]));
      await waitFor(() => saying('begun') === programs.length, 'the clients to begin');
    }
    const cpuBefore = await cpuSeconds(system.controllerPid);
    const begun = performance.now();
    for (const { child } of programs) child.stdin.write('go\n');
    await waitFor(() => saying('logged') === clients, 'the clients to log', { everyMs: 200 });
    const wall = (performance.now() - begun) / 1000;
    const cpu = (await cpuSeconds(system.controllerPid)) - cpuBefore;
    for (const { child } of programs) child.stdin.end();
    await Promise.all(programs.map(({ ended }) => ended));
    return {
      'real clients at once, 100 points each s': clients,
      'controller CPU for each client (% of a core)': ((100 * cpu) / wall / clients).toFixed(2),
    };
  } finally {
    for (const { child } of programs) child.kill('SIGKILL');
    await system.stop();
  }
}
