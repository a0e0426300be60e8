/** Clients that ask at the same time, and how long each waits. */
import autocannon from 'autocannon';
import { startSystem } from '../system.mjs';

const sweeps = 50;

export const clientsOf = (connections, seconds) => async (options) => {
  const system = await startSystem({ ...options, settings: { SWEEP_RATE_LIMIT: '0' } });
  try {
    for (let index = 0; index < sweeps; index++)
      await system.client.createSweep({
        config: `method: random\nname: s${index}\nparameters: {x: {min: 0.0, max: 1.0}}\ncommand: ['true']\nrun_cap: 1\n`,
      });
    const { latency, requests, errors, timeouts, non2xx } = await autocannon({
      url: `${system.url}/api/v1/sweeps?limit=20`,
      connections,
      duration: seconds,
      timeout: 30,
      headers: { authorization: `Bearer ${system.key}` },
    });
    const histogram = ['p50', 'p90', 'p99', 'p99_9'].map((name) => [`${name.replace('_', '.')} (ms)`, latency[name]]);
    return {
      'answers/s': Math.round(requests.average),
      ...Object.fromEntries(histogram),
      'longest (ms)': latency.max,
      'not answered': errors + timeouts + non2xx,
    };
  } finally {
    await system.stop();
  }
};
