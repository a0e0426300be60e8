/** Whether a search with many workers tries a point twice, in a space of little more points than trials. From `dist`. */
import { samplers } from '@sweep/optimizer';

const trials = 1_000;
const workers = 32;
const parameter = (name, domain) => ({ path: [name], key: JSON.stringify([name]), domain, when: [] });
const space = {
  parameters: [
    parameter('a', { kind: 'int_uniform', min: 1, max: 12 }),
    parameter('b', { kind: 'int_uniform', min: 1, max: 15 }),
    parameter('c', { kind: 'categorical', values: [...'abcdefghijkl'] }),
  ],
  constraints: [],
  zip: [],
};
const loss = ({ a, b, c }) => Math.abs(a - 5) + Math.abs(b - 9) + (c === 'd' ? 0 : 1);

/** The worker that began first ends first, but for every third trial, which takes longer. */
export function duplicates() {
  const sampler = samplers.get('bayes').create(space, { seed: 1n, goals: ['minimize'] });
  const ended = [];
  const live = [];
  const seen = new Set();
  for (let number = 1; number <= trials; number += 1) {
    if (live.length === workers) {
      const { number: done, params } = live.splice(number % 3 === 0 ? 4 : 0, 1)[0];
      ended.push({ number: done, params, state: 'completed', values: [loss(params)] });
    }
    const { proposals } = sampler.ask({ cursor: number - 1, count: 1, observations: [...ended, ...live] });
    live.push({ number, params: proposals[0].params, state: 'live', values: [] });
    seen.add(JSON.stringify(proposals[0].params));
  }
  return { [`points tried twice by ${workers} workers in ${trials.toLocaleString('en')} trials, of 2,160 points`]: trials - seen.size };
}
