/** How long a page of `Api().runs` takes with a filter and an order, of 10,000 runs. */
import { quantile, startSystem } from '../system.mjs';
import { atOnce, callsTo, cpuSeconds, noClient, python } from './calls.mjs';

const count = 10_000;
const pages = 30;

export async function listRuns() {
  if (noClient !== null) return noClient;
  const system = await startSystem({ settings: { SWEEP_RATE_LIMIT: '0' } });
  try {
    const calls = callsTo(system);
    const begin = (number) => () =>
      calls.begin(`run-${number}`, {
        config: JSON.stringify({
          lr: { value: (number % 1000) / 1000 },
          layers: { value: number % 7 },
          name: { value: `n${number % 13}` },
        }),
        summaryMetrics: JSON.stringify({ loss: ((number * 7919) % count) / count, deep: { er: number } }),
        tags: number % 2 === 0 ? ['even'] : [],
        state: 'finished',
      });
    await atOnce(
      Array.from({ length: count }, (_, number) => begin(number)),
      8,
    );
    const cpuBefore = await cpuSeconds(system.controllerPid);
    const { ms, total, sorted } = JSON.parse(await python(system, 'runs.py', [pages]).ended);
    const cpu = (await cpuSeconds(system.controllerPid)) - cpuBefore;
    if (!sorted || total < 3_000) throw new Error(`the list of runs is wrong: ${total} in all, sorted: ${sorted}`);
    const inOrder = ms.toSorted((a, b) => a - b);
    return {
      'a page of 50 of 10,000 runs, p50 (ms)': quantile(inOrder, 0.5).toFixed(0),
      'a page of 50 of 10,000 runs, p95 (ms)': quantile(inOrder, 0.95).toFixed(0),
      'CPU of the controller for a page (ms)': ((1000 * cpu) / pages).toFixed(0),
    };
  } finally {
    await system.stop();
  }
}
