import { thoroughness as all, type Observation, type Params, type SearchSpace, samplers } from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import { isWhole, type ReplayedTrial, replay, type Search } from './replay.js';

const space: SearchSpace = {
  parameters: [
    { path: ['k'], key: '["k"]', domain: { kind: 'categorical', values: [1, 2, 3, 4, 5, 6] }, when: [] },
    { path: ['x'], key: '["x"]', domain: { kind: 'categorical', values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] }, when: [] },
  ],
  constraints: [],
  zip: [],
};

const makerOf = (name: string) => () => {
  const definition = samplers.get(name)!;
  return { definition, sampler: definition.create(space, { seed: 3n, goals: ['minimize'] }) };
};

interface Recorded {
  readonly trials: ReplayedTrial[];
  readonly priors: readonly Observation[];
}

const prior: Observation = { number: -1, params: { k: 1, x: 0.1 }, state: 'completed', values: [5] };
const loss = ({ k, x }: Params): number => (k as number) + Math.abs((x as number) - 0.3);

/** A search of several slots: `ahead` trials are under way at any time; every fifth trial is somebody's own. */
function record(name: string, { count, ahead }: { readonly count: number; readonly ahead: number }): Recorded {
  const { definition, sampler } = makerOf(name)();
  const trials: ReplayedTrial[] = [];
  let cursor = 0;
  let asOf = 0;
  const end = (trial: ReplayedTrial): void => {
    trials[trial.number - 1] = { ...trial, state: 'completed', values: [loss(trial.params)], observed: ++asOf };
  };
  while (trials.length < count) {
    const number = trials.length + 1;
    const live = trials.filter(({ observed }) => observed === null);
    if (live.length >= ahead) {
      // Not the oldest one: ends come in any order.
      end(live[number % live.length]!);
      continue;
    }
    if (number % 5 === 0) {
      const params = { k: 2, x: 0.1 * ((number / 5) % 6) + 0.1 };
      trials.push({ number, params, state: 'live', values: [], origin: 'enqueued', observed: null, proposal: null });
      continue;
    }
    const log = trials.filter(({ observed }) => observed !== null).sort((a, b) => a.observed! - b.observed!);
    const seen = { nothing: [], others: [prior, ...trials.filter(({ origin }) => origin !== 'sampler')], all: [prior, ...log, ...live] };
    // As under a load that rises and falls.
    const thoroughness = all[number % all.length]!;
    const answer = sampler.ask({ cursor, count: 1, observations: seen[definition.learnsFrom], thoroughness });
    if (answer.exhausted && answer.proposals.length === 0) break;
    const { version } = definition;
    const proposal = {
      index: cursor,
      asOf: definition.learnsFrom === 'all' ? asOf : 0,
      revision: 1,
      samplerVersion: version,
      thoroughness,
    };
    trials.push({ number, params: answer.proposals[0]!.params, state: 'live', values: [], origin: 'sampler', observed: null, proposal });
    cursor = answer.cursor;
  }
  return { trials, priors: [prior] };
}

const searchOf = (name: string, recorded: Recorded): Search => ({ ...recorded, sampler: makerOf(name) });

describe('a search that is computed again', () => {
  it.each(['bayes', 'grid', 'random', 'sobol'])('has no difference: %s', (name) => {
    const recorded = record(name, { count: 26, ahead: 3 });
    const proposals = recorded.trials.filter(({ proposal }) => proposal !== null).length;
    expect(proposals).toBeGreaterThan(15);
    expect(replay(searchOf(name, recorded))).toEqual({ proposals, otherVersions: [], difference: null });
  });

  it('has none when several trials came from one answer', () => {
    const { definition, sampler } = makerOf('grid')();
    const { proposals } = sampler.ask({ cursor: 0, count: 6, observations: [] });
    const proposal = { index: 0, asOf: 0, revision: 1, samplerVersion: definition.version, thoroughness: 'full' } as const;
    const trials = proposals.map(({ params }, index): ReplayedTrial => {
      return { number: index + 1, params, state: 'live', values: [], origin: 'sampler', observed: null, proposal };
    });
    expect(replay(searchOf('grid', { trials, priors: [] }))).toEqual({ proposals: 6, otherVersions: [], difference: null });
  });

  it('shows the first proposal that differs, with both', () => {
    const recorded = record('bayes', { count: 20, ahead: 2 });
    const changed = recorded.trials.map((trial) => (trial.number === 13 ? { ...trial, params: { k: 1, x: 0.6 } } : trial));
    const { difference } = replay(searchOf('bayes', { ...recorded, trials: changed }));
    expect(difference).toEqual({ number: 13, stored: { k: 1, x: 0.6 }, computed: recorded.trials[12]!.params });
  });

  it('differs once a result in its log is another', () => {
    const recorded = record('bayes', { count: 24, ahead: 2 });
    const changed = recorded.trials.map((trial) =>
      trial.observed !== null && trial.observed <= 8 ? { ...trial, values: [-loss(trial.params)] } : trial,
    );
    expect(replay(searchOf('bayes', { ...recorded, trials: changed })).difference).not.toBeNull();
  });

  it('says of proposals by another version that they are not compared, and goes on', () => {
    const recorded = record('random', { count: 10, ahead: 2 });
    const old = recorded.trials.map((trial) =>
      trial.number <= 3 && trial.proposal !== null
        ? { ...trial, params: { k: 9 }, proposal: { ...trial.proposal, samplerVersion: 0 } }
        : trial,
    );
    const here = samplers.get('random')!.version;
    expect(replay(searchOf('random', { ...recorded, trials: old }))).toEqual({
      proposals: 5,
      otherVersions: [{ sampler: 'random', stored: 0, here, proposals: 3 }],
      difference: null,
    });
  });

  it('differs when the space ends earlier than it did', () => {
    const recorded = record('grid', { count: 8, ahead: 2 });
    const late = recorded.trials.map((trial) =>
      trial.number === 8 && trial.proposal !== null ? { ...trial, proposal: { ...trial.proposal, index: 36 } } : trial,
    );
    expect(replay(searchOf('grid', { ...recorded, trials: late })).difference).toMatchObject({ number: 8, computed: null });
  });
});

describe('a log', () => {
  it('is whole when no end is missing that a proposal was made after', () => {
    const { trials } = record('bayes', { count: 15, ahead: 2 });
    expect(isWhole(trials)).toBe(true);
    expect(isWhole(trials.map((trial) => (trial.observed === 2 ? { ...trial, observed: null } : trial)))).toBe(false);
    expect(isWhole([])).toBe(true);
  });
});
