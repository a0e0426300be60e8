/** What every caller relies on, for any sampler. */
import {
  type Ask,
  type Observation,
  type Proposal,
  random,
  type Sampler,
  type SamplerDefinition,
  type SearchSpace,
} from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';
import { brokenConstraints, wrongParameters, wrongValues } from './inside.js';
import { completed, failed, type Outcome, play } from './playing.js';

const options = { seed: 7n, goals: ['minimize'] } as const;

/** @param space one that the sampler can search, with more than 60 points, a condition and a constraint */
export function samplerContract(definition: SamplerDefinition, space: SearchSpace): void {
  const open = (): Sampler => definition.create(space, options);
  const told = toldTo(definition, space);

  describe.each([
    { when: 'before any result', log: [], from: 0 },
    { when: 'with results, failures, stopped trials and trials under way', log: told, from: told.length },
  ])(`the sampler ${definition.name} $when`, ({ log, from }) => {
    const ask = (count: number): Ask => ({ cursor: from, count, observations: log });

    it('gives as many proposals as asked, each with a reason', () => {
      const { proposals } = open().ask(ask(30));
      expect(proposals).toHaveLength(30);
      expect(proposals.every(({ why }) => why.length > 0)).toBe(true);
    });

    it('gives nothing, and stays where it is, when nothing is asked', () => {
      expect(open().ask({ ...ask(0), cursor: from + 3 })).toMatchObject({ proposals: [], cursor: from + 3 });
    });

    it('stays inside the space, with ints as ints and floats as floats', () => {
      expect(
        open()
          .ask(ask(30))
          .proposals.flatMap(({ params }) => wrongValues(space, params)),
      ).toEqual([]);
    });

    it('gives exactly the parameters whose conditions hold', () => {
      expect(
        open()
          .ask(ask(30))
          .proposals.flatMap(({ params }) => wrongParameters(space, params)),
      ).toEqual([]);
    });

    it('proposes only what every constraint allows', () => {
      expect(
        open()
          .ask(ask(30))
          .proposals.flatMap(({ params }) => brokenConstraints(space, params)),
      ).toEqual([]);
    });

    it('gives the same answer to the same question, also from a new instance', () => {
      const sampler = open();
      const first = sampler.ask(ask(10));
      sampler.ask({ ...ask(3), cursor: first.cursor });
      expect(sampler.ask(ask(10))).toEqual(first);
      expect(open().ask(ask(10))).toEqual(first);
    });

    it('gives the same proposals one by one as all at once', () => {
      const sampler = open();
      const single: Proposal[] = [];
      // What was proposed before is under way for the next, as it is for a caller.
      const known: Observation[] = [...log];
      let cursor = from;
      for (let turn = 0; turn < 20; turn += 1) {
        const answer = sampler.ask({ cursor, count: 1, observations: known });
        single.push(...answer.proposals);
        if (definition.learnsFrom === 'all')
          known.push({ number: 1000 + turn, params: answer.proposals[0]!.params, state: 'live', values: [] });
        cursor = answer.cursor;
      }
      expect(sampler.ask(ask(20))).toMatchObject({ proposals: single, cursor });
    });

    it('leaves the log as it is', () => {
      const before = structuredClone(log);
      open().ask(ask(3));
      expect(log).toEqual(before);
    });

    it('recommends a trial that completed, or none', () => {
      const number = open().recommend?.(log) ?? null;
      if (number !== null) expect(log.find((one) => one.number === number)?.state).toBe('completed');
      else expect(definition.learnsFrom === 'all' && log.length > 0).toBe(false);
    });
  });
}

/** As much of a sweep of 24 trials, some still under way, as the sampler wants to know. */
function toldTo(definition: SamplerDefinition, space: SearchSpace): readonly Observation[] {
  const { observations } = play({ definition, space, trials: 24, options, workers: 4, outcome: (_params, number) => eventful(number) });
  const log = observations.map((one, index): Observation => (index < 20 ? one : { ...one, state: 'live', values: [] }));
  switch (definition.learnsFrom) {
    case 'nothing':
      return [];
    case 'others':
      return log.filter(({ number }) => number % 3 === 0);
    case 'all':
      return log;
  }
}

function eventful(number: number): Outcome {
  const value = random(5n).uniform(number, 0, 0);
  if (number % 7 === 3) return failed(number % 2 === 0 ? 'config' : 'infra');
  const curve = [1, 2, 3].map((step) => [step, value + 1 / step] as const);
  return number % 5 === 2 ? { state: 'pruned', values: [value + 0.5], curve: curve.slice(0, 2) } : { ...completed(value), curve };
}
