/** The numbered cases were executed against W&B's engine (wandb/sweeps, August 2026). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ints, keyOf, parameter, space, values } from '../../testing/index.js';
import { type Answer, type Observation, SpaceError } from '../sampler.js';
import type { Domain, SearchSpace } from '../space.js';
import { Float, float, type Params, type ParamValue, valueKey } from '../value.js';
import { gridSampler } from './grid.js';
import { gridSize } from './grid-size.js';

const options = { seed: 0n, goals: [] };

function ask(grid: SearchSpace, count: number, from: { readonly cursor?: number; readonly seen?: readonly Params[] } = {}): Answer {
  return gridSampler.create(grid, options).ask({ cursor: from.cursor ?? 0, count, observations: (from.seen ?? []).map(observation) });
}

function observation(params: Params, index: number): Observation {
  const states = ['failed', 'live', 'completed', 'pruned', 'cancelled'] as const;
  return { number: index + 1, params, state: states[index % 5]!, values: [null] };
}

function points(grid: SearchSpace, seen: readonly Params[] = []): Params[] {
  const answer = ask(grid, 10_000, { seen });
  expect(answer.exhausted).toBe(true);
  return answer.proposals.map(({ params }) => params);
}

const rows = (grid: SearchSpace): ParamValue[][] => points(grid).map((params) => Object.values(params));
const q = (min: number, max: number, size: number, int: boolean): Domain => ({ kind: 'q_uniform', min, max, q: { size, int } });
const one = (domain: Domain): SearchSpace => space([parameter('a', domain)]);
const only = (grid: SearchSpace): ParamValue[] => rows(grid).map(([value]) => value!);

describe('a grid', () => {
  it('C084 varies the last parameter fastest, then ends', () => {
    const grid = space([parameter('a', values('x', 'y')), parameter('z', values(1, 2))]);
    expect(rows(grid)).toEqual([
      ['x', 1],
      ['x', 2],
      ['y', 1],
      ['y', 2],
    ]);
    expect(ask(grid, 1, { cursor: 4 })).toEqual({ proposals: [], cursor: 4, exhausted: true });
  });

  it('C085 to C087 keeps the order of the parameters, nested ones too', () => {
    const grid = space([parameter('A', values('x')), parameter(['p', 'b'], values(3, 4)), parameter(['p', 'z'], values(1, 2))]);
    expect(points(grid)).toEqual([
      { A: 'x', p: { b: 3, z: 1 } },
      { A: 'x', p: { b: 3, z: 2 } },
      { A: 'x', p: { b: 4, z: 1 } },
      { A: 'x', p: { b: 4, z: 2 } },
    ]);
  });

  it('C088 includes both ends of a range of ints', () => {
    expect(only(one(ints(-1, 1)))).toEqual([-1, 0, 1]);
  });

  it('C089 to C091 excludes the maximum of quanta', () => {
    expect(only(one(q(0, 1, 0.25, false)))).toEqual([new Float(0), 0.25, 0.5, 0.75]);
    expect(only(one(q(0, 10, 3, true)))).toEqual([0, 3, 6, 9]);
    expect(only(one(q(0, 4, 1, false)))).toEqual([0, 1, 2, 3].map(float));
    // numpy.arange(0.1, 0.5, 0.1)
    expect(only(one(q(0.1, 0.5, 0.1, false)))).toEqual([0.1, 0.2, 0.30000000000000004, 0.4]);
  });

  it.each<Domain>([
    { kind: 'uniform', min: 0, max: 1 },
    { kind: 'categorical', values: [1, 2], probabilities: [0.5, 0.5] },
    { kind: 'normal', mu: 0, sigma: 1 },
    { kind: 'q_log_uniform_values', min: 1, max: 9, q: { size: 1, int: true } },
  ])('C092 refuses what it cannot enumerate, by name: %j', (domain) => {
    const grid = space([parameter('ok', values(1)), parameter(['model', 'lr'], domain)]);
    expect(() => gridSampler.create(grid, options)).toThrow(SpaceError);
    expect(() => gridSampler.create(grid, options)).toThrow('"model.lr"');
    expect(gridSize(grid)).toBeNull();
  });

  it('C093 of constants is one point', () => {
    const grid = space([parameter('a', { kind: 'constant', value: 1 }), parameter('b', { kind: 'constant', value: 2 })]);
    expect(points(grid)).toEqual([{ a: 1, b: 2 }]);
    expect(gridSize(grid)).toBe(1);
    expect(points(grid, [{ a: 1, b: 2 }])).toEqual([]);
  });

  it('C094 and C104 tries equal values once, with the literal of the last', () => {
    const grid = one(values(1, new Float(1), '1', true, null));
    expect(only(grid)).toEqual([new Float(1), '1', true, null]);
    expect(gridSize(grid)).toBe(4);
  });

  it('C095 and C096 passes over what another trial covers, however that ended', () => {
    const grid = one(values(1, 2, 3, 4, 5, 6));
    expect(points(grid, [{ a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }, { a: 5 }])).toEqual([{ a: 6 }]);
  });

  it('C097 and C098 a trial without the parameter, or with a value not listed, covers nothing', () => {
    expect(points(one(values(1, 2)), [{}, { a: 99 }, { b: 1 }])).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('C099 compares numbers, not their spelling, but never with a text', () => {
    expect(points(one(values(float(3.0e6), '3e6')), [{ a: 3_000_000 }])).toEqual([{ a: '3e6' }]);
  });

  it('C100 ignores keys that a program added to a dict', () => {
    expect(points(one(values({ x: 1 }, { x: 2 })), [{ a: { x: 1, extra: 9 } }])).toEqual([{ a: { x: 2 } }]);
    expect(points(one(values({ x: 1 }, { x: 1, y: 2 })), [{ a: { x: 1, y: 2, extra: 9 } }])).toEqual([{ a: { x: 1 } }]);
  });

  it('C101 and C102 minds the order of lists, and no constants', () => {
    const grid = space([parameter('a', values([1, 2], [2, 1])), parameter('c', { kind: 'constant', value: 5 })]);
    expect(points(grid, [{ a: [1, 2], c: 6 }])).toEqual([{ a: [2, 1], c: 5 }]);
  });

  it('C103 goes on after what is there', () => {
    const grid = space([parameter(['n', 'a'], values(1, 2, 3)), parameter(['n', 'b'], values(1, 2, 3))]);
    expect(ask(grid, 1, { seen: [{ n: { a: 1, b: 1 } }] }).proposals[0]!.params).toEqual({ n: { a: 1, b: 2 } });
  });

  it('covers points of ranges by their value', () => {
    expect(points(one(ints(1, 3)), [{ a: new Float(2) }, { a: 2.5 }, { a: 9 }])).toEqual([{ a: 1 }, { a: 3 }]);
    expect(points(one(q(0, 1, 0.5, false)), [{ a: 0.5 }, { a: 0.4 }])).toEqual([{ a: new Float(0) }]);
  });

  it('without a value anywhere has no point', () => {
    expect(points(space([parameter('a', values()), parameter('b', values(1))]))).toEqual([]);
  });
});

describe('a zip group', () => {
  const zip = (...names: string[]): string[] => names.map((name) => keyOf(name));

  it('advances its parameters together, at the place of its first', () => {
    const grid = space([parameter('a', values(1, 2)), parameter('b', values('x', 'y')), parameter('c', ints(7, 8))], {
      zip: [zip('c', 'a')],
    });
    expect(rows(grid)).toEqual([
      [1, 'x', 7],
      [1, 'y', 7],
      [2, 'x', 8],
      [2, 'y', 8],
    ]);
    expect(gridSize(grid)).toBe(4);
    expect(
      points(grid, [
        { a: 1, b: 'y', c: 7 },
        { a: 1, b: 'x', c: 8 },
      ]),
    ).toHaveLength(3);
  });

  it('merges equal rows, not equal values', () => {
    const grid = space([parameter('a', values(1, 1, 2, 1)), parameter('b', values(5, 6, 6, new Float(5)))], { zip: [zip('a', 'b')] });
    expect(rows(grid)).toEqual([
      [1, new Float(5)],
      [1, 6],
      [2, 6],
    ]);
  });

  it('refuses lists of different lengths, constants and unknown names', () => {
    const parameters = [parameter('a', values(1, 2)), parameter('b', values(1)), parameter('c', { kind: 'constant', value: 1 })];
    for (const names of [
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'd'],
    ]) {
      expect(() => gridSampler.create(space(parameters, { zip: [zip(...names)] }), options)).toThrow(SpaceError);
    }
  });
});

describe('a conditional grid', () => {
  const adam = [{ key: keyOf('opt'), values: ['adam'] }];
  const sgd = [{ key: keyOf('opt'), values: ['sgd'] }];

  it('tries points that differ only in inactive parameters once', () => {
    const grid = space([parameter('beta', values(0.8, 0.9), adam), parameter('opt', values('sgd', 'adam'))]);
    expect(points(grid)).toEqual([{ opt: 'sgd' }, { beta: 0.8, opt: 'adam' }, { beta: 0.9, opt: 'adam' }]);
    expect(gridSize(grid)).toBe(3);
    expect(points(grid, [{ opt: 'sgd', beta: 0.9 }, { opt: 'adam' }])).toEqual([
      { beta: 0.8, opt: 'adam' },
      { beta: 0.9, opt: 'adam' },
    ]);
  });

  it('follows chains of conditions, ranges and constants', () => {
    const grid = space([
      parameter('a', values(true, false)),
      parameter('b', ints(1, 3), [{ key: keyOf('a'), values: [true] }]),
      parameter('c', values('x', 'y'), [{ key: keyOf('b'), values: [new Float(2)] }]),
      parameter('d', { kind: 'constant', value: 1 }, [{ key: keyOf('c'), values: ['y'] }]),
    ]);
    expect(points(grid)).toEqual([
      { a: true, b: 1 },
      { a: true, b: 2, c: 'x' },
      { a: true, b: 2, c: 'y', d: 1 },
      { a: true, b: 3 },
      { a: false },
    ]);
  });

  it('refuses conditions that go in a circle', () => {
    const grid = space([
      parameter('a', values(1), [{ key: keyOf('b'), values: [1] }]),
      parameter('b', values(1), [{ key: keyOf('a'), values: [1] }]),
    ]);
    expect(() => gridSampler.create(grid, options)).toThrow(SpaceError);
  });

  it('skips what excludes one another without trying it', () => {
    const child = (name: string, when: typeof adam) => parameter(name, ints(1, 100), when);
    const grid = space([child('a1', adam), child('a2', sgd), child('b1', adam), child('b2', sgd), parameter('opt', values('adam', 'sgd'))]);
    expect(gridSize(grid)).toBe(20_000);
    expect(ask(grid, 20_000).proposals).toHaveLength(20_000);
  });

  it('with a zip group of which one part is inactive keeps the first of the same rows', () => {
    const grid = space([parameter('a', values(1, 1, 2)), parameter('b', values(7, 8, 9), adam), parameter('opt', values('sgd', 'adam'))], {
      zip: [[keyOf('a'), keyOf('b')]],
    });
    expect(points(grid)).toEqual([
      { a: 1, opt: 'sgd' },
      { a: 1, b: 7, opt: 'adam' },
      { a: 1, b: 8, opt: 'adam' },
      { a: 2, opt: 'sgd' },
      { a: 2, b: 9, opt: 'adam' },
    ]);
  });
});

describe('a constrained grid', () => {
  it('leaves out what a constraint refuses, and ends', () => {
    const grid = space([parameter('depth', ints(1, 4)), parameter('width', values(128, 256, 512))], {
      constraints: ['depth * width <= 512'],
    });
    expect(rows(grid)).toEqual([
      [1, 128],
      [1, 256],
      [1, 512],
      [2, 128],
      [2, 256],
      [3, 128],
      [4, 128],
    ]);
    expect(gridSize(grid)).toBe(7);
  });

  it('may be empty', () => {
    expect(points(space([parameter('a', ints(1, 9))], { constraints: ['a > 9'] }))).toEqual([]);
    expect(points(space([parameter('a', { kind: 'constant', value: 1 })], { constraints: ['a > 9'] }))).toEqual([]);
    expect(gridSize(space([parameter('a', ints(1, 9)), parameter('b', ints(1, 9))], { constraints: ['a > 9'] }))).toBe(0);
  });

  it('is counted up to a limit', () => {
    const grid = space([parameter('a', ints(1, 1000)), parameter('b', ints(1, 1000))], { constraints: ['a <= b'] });
    expect(gridSize(grid)).toBe(500_500);
    expect(gridSize(grid, 1000)).toBeNull();
  });

  it('multiplies by what no constraint involves instead of counting it', () => {
    const grid = space([parameter('a', ints(1, 10)), parameter('b', ints(1, 10)), parameter('free', ints(1, 1_000_000_000))], {
      constraints: ['a <= b'],
    });
    expect(gridSize(grid)).toBe(55_000_000_000);
  });
});

describe('any grid', () => {
  const domain = fc.oneof(
    fc
      .array(fc.constantFrom<ParamValue>(0, 1, new Float(1), 'x', true, null), { minLength: 1, maxLength: 4 })
      .map((list) => values(...list)),
    fc.tuple(fc.integer({ min: -3, max: 3 }), fc.nat(3)).map(([min, span]) => ints(min, min + span)),
  );
  const when = fc.option(fc.record({ on: fc.nat(4), values: fc.subarray<ParamValue>([0, 1, 'x', true], { minLength: 1 }) }), {
    nil: undefined,
  });
  const spaces = fc.array(fc.record({ domain, when }), { minLength: 1, maxLength: 5 }).map((list): SearchSpace => {
    // A condition names a later parameter, which is the harder case, so there are no circles.
    const parameters = list.map((item, index) => {
      const on = index + 1 + (item.when?.on ?? 0);
      return parameter(
        `p${index}`,
        item.domain,
        item.when !== undefined && on < list.length ? [{ key: keyOf(`p${on}`), values: item.when.values }] : [],
      );
    });
    return space(parameters, { constraints: list.length > 2 ? ['p0 != 1 or p2 != 1'] : [] });
  });

  it('proposes every point once, in one ask or many, and counts them', () => {
    fc.assert(
      fc.property(spaces, (grid) => {
        const all = points(grid);
        expect(new Set(all.map(valueKey)).size).toBe(all.length);
        expect(gridSize(grid)).toBe(all.length);
        expect(valueKeys(all)).toEqual(valueKeys(bruteForce(grid)));
        const single: Params[] = [];
        for (let cursor = 0, exhausted = false; !exhausted; ) {
          const answer = ask(grid, 1, { cursor });
          single.push(...answer.proposals.map(({ params }) => params));
          ({ cursor, exhausted } = answer);
        }
        expect(single).toEqual(all);
      }),
    );
  });

  it('proposes exactly what is not covered yet', () => {
    fc.assert(
      fc.property(spaces, fc.infiniteStream(fc.boolean()), (grid, coin) => {
        const all = points(grid);
        const seen = all.filter(() => coin.next().value);
        expect(points(grid, seen)).toEqual(all.filter((params) => !seen.includes(params)));
      }),
    );
  });
});

const valueKeys = (list: readonly Params[]): string[] => list.map(valueKey).sort();

/** All distinct points by the plain definition: every combination, inactive parameters struck out. */
function bruteForce(grid: SearchSpace): Params[] {
  let partial: Record<string, ParamValue>[] = [{}];
  for (const { path, domain } of grid.parameters) {
    const list = domain.kind === 'categorical' ? domain.values : rangeOf(domain);
    partial = partial.flatMap((params) => list.map((value) => ({ ...params, [path[0]!]: value })));
  }
  const kept = partial.map((params) => {
    // From the last parameter on, since conditions name later ones.
    const result = { ...params };
    for (const { path, when } of [...grid.parameters].reverse()) {
      const open = when.every(({ key, values: wanted }) => {
        const value = result[(JSON.parse(key) as string[])[0]!];
        return value !== undefined && wanted.some((candidate) => valueKey(candidate) === valueKey(value));
      });
      if (!open) delete result[path[0]!];
    }
    return result;
  });
  const allowed = kept.filter((params) => {
    if (grid.constraints.length === 0) return true;
    const [a, b] = [params['p0'], params['p2']];
    if (a === undefined || b === undefined) return true;
    // A comparison of unlike things does not hold.
    return [a, b].some((value) => typeof value === 'number' && value !== 1);
  });
  return [...new Map(allowed.map((params) => [valueKey(params), params])).values()];
}

function rangeOf(domain: Domain): ParamValue[] {
  if (domain.kind !== 'int_uniform') throw new Error('not a range');
  return Array.from({ length: domain.max - domain.min + 1 }, (_, index) => domain.min + index);
}

describe('a large grid', () => {
  const large = space(
    Array.from({ length: 12 }, (_, index) => parameter(`p${index}`, index % 2 === 0 ? ints(1, 1000) : values('a', 'b', 'c', 'd'))),
  );

  // To count up to there would take longer than a test may.
  it('answers anywhere at once, beyond 2^53 combinations too', () => {
    const answer = ask(large, 1000, { cursor: 10_000_000 });
    expect(answer.proposals).toHaveLength(1000);
    expect(answer.cursor).toBe(10_001_000);
    expect(gridSize(large)).toBe(1000 ** 6 * 4 ** 6);
  });

  it('refuses to search more than 2^53 combinations for allowed ones', () => {
    expect(() =>
      gridSampler.create({ ...large, constraints: space(large.parameters, { constraints: ['p0 < p2'] }).constraints }, options),
    ).toThrow(SpaceError);
  });
});
