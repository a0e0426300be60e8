/**
 * How long the controller's event loop stands still while a sweep with 5,000 results is asked: its threads are told the whole log, then
 * asked again and again with one new result each. The log comes from memory, so that this is the asking alone. From `dist`.
 *
 * A delay contains what the machine does elsewhere: the same is taken while nothing happens.
 */
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { root } from './system.mjs';

const results = 5_000;
const asks = 30;
const config = `program: t
method: bayes
metric: {name: loss, goal: minimize}
parameters:
  layers: {distribution: int_uniform, min: 1, max: 8}
  optimizer: {values: [adam, lion, sgd]}
  rate: {distribution: log_uniform_values, min: 1.0e-5, max: 1.0}
  share: {min: 0.0, max: 1.0}
`;

function entryOf(number) {
  const share = (number * 0.618034) % 1;
  const params = {
    layers: 1 + (number % 8),
    optimizer: ['adam', 'lion', 'sgd'][number % 3],
    rate: 10 ** (-5 * ((number * 0.7548777) % 1)),
    share,
  };
  return { number, params: JSON.stringify(params), state: 'completed', values: [(share - 0.3) ** 2 + params.layers / 20] };
}

/** Milliseconds, while the work lasts. */
async function delayDuring(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return { p99: delay.percentile(99) / 1e6, most: delay.max / 1e6 };
}

export async function eventLoop() {
  const { Sampling } = await import(join(root, 'apps/controller/dist/sampling/sampling.js'));
  const log = Array.from({ length: results }, (_, index) => entryOf(index + 1));
  const searchLog = {
    priors: async () => [],
    observed: async (_sweep, after, limit) => log.slice(after, after + limit),
    unobserved: async () => [],
  };
  const program = pathToFileURL(join(root, 'apps/controller/dist/sampling/worker.js'));
  const sampling = new Sampling({ store: { searchLog }, threads: 1, program });
  const ask = () => {
    const sweep = { id: 'bench', revision: 1, config, seed: 7n, logLength: log.length, cursor: log.length };
    return sampling.propose(sweep, 1, log.length);
  };
  const begun = performance.now();
  const cold = await delayDuring(ask);
  const warm = await delayDuring(async () => {
    for (let turn = 0; turn < asks; turn += 1) {
      const { added } = await ask();
      log.push({ ...entryOf(log.length + 1), params: added[0].params });
    }
  });
  const lasted = performance.now() - begun;
  const idle = await delayDuring(() => new Promise((done) => setTimeout(done, lasted)));
  await sampling.close();
  const ms = (value) => value.toFixed(1);
  return {
    'telling all and the first proposal: longest delay (ms)': ms(cold.most),
    [`${asks} proposals: p99 of the delay (ms)`]: ms(warm.p99),
    [`${asks} proposals: longest delay (ms)`]: ms(warm.most),
    'nothing asked, as long: p99 of the delay (ms)': ms(idle.p99),
    'nothing asked, as long: longest delay (ms)': ms(idle.most),
  };
}
