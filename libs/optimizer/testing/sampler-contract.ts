/** What every caller relies on, for any sampler. */
import {
  type Domain,
  Float,
  holds,
  isInt,
  numeric,
  type Observation,
  type Parameter,
  type Params,
  type ParamValue,
  type Proposal,
  paramAt,
  type SamplerDefinition,
  type SamplerOptions,
  type SearchSpace,
  sameValue,
} from '@sweep/optimizer';
import { describe, expect, it } from 'vitest';

/** @param space one that the sampler can search, with more than 30 points, a condition and a constraint */
export function samplerContract(definition: SamplerDefinition, space: SearchSpace): void {
  const options: SamplerOptions = { seed: 7n, goals: ['minimize'] };
  const open = (): ReturnType<SamplerDefinition['create']> => definition.create(space, options);
  const observations: readonly Observation[] = [];

  describe(`the sampler ${definition.name}`, () => {
    it('gives as many proposals as asked, each with a reason', () => {
      const answer = open().ask({ cursor: 0, count: 30, observations });
      expect(answer.proposals).toHaveLength(30);
      expect(answer.proposals.every(({ why }) => why.length > 0)).toBe(true);
    });

    it('gives nothing, and stays where it is, when nothing is asked', () => {
      expect(open().ask({ cursor: 3, count: 0, observations })).toMatchObject({ proposals: [], cursor: 3 });
    });

    it('stays inside the space, with ints as ints and floats as floats', () => {
      for (const { params } of open().ask({ cursor: 0, count: 30, observations }).proposals) {
        for (const parameter of space.parameters) {
          const value = paramAt(params, parameter.path);
          if (value !== undefined) expect([parameter.key, value, fits(parameter.domain, value)]).toEqual([parameter.key, value, true]);
        }
      }
    });

    it('gives exactly the parameters whose conditions hold', () => {
      for (const { params } of open().ask({ cursor: 0, count: 30, observations }).proposals) {
        const present = space.parameters.filter(({ path }) => paramAt(params, path) !== undefined);
        expect(present.map(({ key }) => key)).toEqual(space.parameters.filter((one) => exists(space, params, one)).map(({ key }) => key));
      }
    });

    it('proposes only what every constraint allows', () => {
      const lookup = (params: Params) => (key: string) => paramAt(params, space.parameters.find((one) => one.key === key)!.path);
      for (const { params } of open().ask({ cursor: 0, count: 30, observations }).proposals) {
        expect(space.constraints.filter(({ expression }) => !holds(expression, lookup(params)))).toEqual([]);
      }
    });

    it('gives the same answer to the same question, also from a new instance', () => {
      const sampler = open();
      const first = sampler.ask({ cursor: 0, count: 10, observations });
      sampler.ask({ cursor: first.cursor, count: 3, observations });
      expect(sampler.ask({ cursor: 0, count: 10, observations })).toEqual(first);
      expect(open().ask({ cursor: 0, count: 10, observations })).toEqual(first);
    });

    it('gives the same proposals one by one as all at once', () => {
      const sampler = open();
      const single: Proposal[] = [];
      let cursor = 0;
      for (let turn = 0; turn < 20; turn += 1) {
        const answer = sampler.ask({ cursor, count: 1, observations });
        single.push(...answer.proposals);
        cursor = answer.cursor;
      }
      expect(sampler.ask({ cursor: 0, count: 20, observations })).toMatchObject({ proposals: single, cursor });
    });
  });
}

function exists(space: SearchSpace, params: Params, parameter: Parameter): boolean {
  return parameter.when.every(({ key, values }) => {
    const value = paramAt(params, space.parameters.find((one) => one.key === key)!.path);
    return value !== undefined && values.some((wanted) => sameValue(wanted, value));
  });
}

function fits(domain: Domain, value: ParamValue): boolean {
  if (domain.kind === 'constant') return sameValue(domain.value, value);
  if (domain.kind === 'categorical') return domain.values.some((one) => sameValue(one, value));
  const x = numeric(value);
  if (x === undefined || !Number.isFinite(x)) return false;
  const int = domain.kind === 'int_uniform' || ('q' in domain && domain.q.int);
  if (int !== isInt(value) || (!int && Number.isInteger(x) !== value instanceof Float)) return false;
  switch (domain.kind) {
    case 'int_uniform':
    case 'uniform':
    case 'log_uniform_values':
    case 'inv_log_uniform_values':
      return x >= domain.min && x <= domain.max;
    case 'beta':
      return x >= 0 && x <= 1;
    default:
      return !('q' in domain) || Math.abs(x / domain.q.size - Math.round(x / domain.q.size)) < 1e-9;
  }
}
