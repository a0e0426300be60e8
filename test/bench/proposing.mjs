/**
 * One warm sweep in a process of its own: `node --expose-gc test/bench/proposing.mjs RESULTS ASKS`, figures as JSON. From `dist`.
 *
 * Time is CPU time, which other work on the machine does not add to. Linux only: memory is read from /proc.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { random, samplers } from '@sweep/optimizer';

const parameter = (name, domain) => ({ path: [name], key: JSON.stringify([name]), domain, when: [] });
/** Eight dimensions of the kinds that most sweeps have. */
const space = {
  parameters: [
    parameter('augment', { kind: 'categorical', values: [true, false] }),
    parameter('batch', { kind: 'q_log_uniform_values', min: 8, max: 512, q: { size: 1, int: true } }),
    parameter('decay', { kind: 'log_uniform_values', min: 1e-6, max: 1e-1 }),
    parameter('depth', { kind: 'int_uniform', min: 1, max: 12 }),
    parameter('dropout', { kind: 'uniform', min: 0, max: 0.6 }),
    parameter('momentum', { kind: 'uniform', min: 0.5, max: 1 }),
    parameter('optimizer', { kind: 'categorical', values: ['adam', 'lion', 'rmsprop', 'sgd'] }),
    parameter('rate', { kind: 'log_uniform_values', min: 1e-5, max: 1 }),
  ],
  constraints: [],
  zip: [],
};
const options = { seed: 1n, goals: ['minimize'] };
const luck = random(3n);

function loss({ augment, batch, decay, depth, dropout, optimizer, rate }, number) {
  const kind = { adam: 0, lion: 0.02, rmsprop: 0.05, sgd: 0.1 }[optimizer] + (augment ? 0 : 0.05);
  const smooth = (Math.log10(rate) + 2.5) ** 2 / 10 + (Math.log10(decay) + 4) ** 2 / 40 + (depth - 7) ** 2 / 100 + (dropout - 0.2) ** 2;
  return smooth + kind + (Math.log2(batch) - 6) ** 2 / 80 + 0.05 * luck.uniform(number, 0, 0);
}

const ended = (number, params) => ({ number, params, state: 'completed', values: [loss(params, number)] });
const status = (field) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;

/** Heap and kernel, without garbage. */
function keptMb() {
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

function cpuMs(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const [results, asks] = process.argv.slice(2).map(Number);
const empty = keptMb();
const idle = status('VmRSS');
const drawn = samplers.get('random').create(space, options).ask({ cursor: 0, count: results, observations: [] });
const observations = drawn.proposals.map(({ params }, index) => ended(index + 1, params));
const log = keptMb();
// The peak from here on.
writeFileSync('/proc/self/clear_refs', '5');
const sampler = samplers.get('bayes').create(space, options);
let answer;
const ask = () => {
  answer = sampler.ask({ cursor: observations.length, count: 1, observations });
};
const next = () => {
  observations.push(ended(observations.length + 1, answer.proposals[0].params));
  return cpuMs(ask);
};
// Two beliefs take turns: each makes its first fit.
const first = cpuMs(ask) + next();
const times = Array.from({ length: asks }, next);
const peak = status('VmHWM') - idle;
const memory = { log: log - empty, kept: keptMb() - empty, peak };
process.stdout.write(JSON.stringify({ first, times, memory }));
