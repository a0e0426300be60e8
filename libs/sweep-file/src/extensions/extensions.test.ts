import { describe, expect, it } from 'vitest';
import { accepted, any, bayes, file, grid, outcome, random, refused, specOf } from '../../testing/conformance.js';
import { parseSweepFile } from '../index.js';

const more = (extra: string): ReturnType<typeof outcome> => outcome(random(any, extra));
const spec = (extra: string): ReturnType<typeof specOf> => specOf(random(any, extra));

describe('a misspelt extension key', () => {
  it.each(['constrants', 'resorces', 'sed', 'zipp', 'Seed', 'timout', 'bugdet', 'retri'])('%s at the top is refused', (key) => {
    expect(more(`${key}: 1`)).toEqual(refused('E-EXT-KEY'));
  });
  it('names the nearest one and its place', () => {
    const [finding] = parseSweepFile(`program: t\nmethod: random\nparameters: ${any}\nconstrants: [a < 2]\n`).findings;
    expect(finding).toMatchObject({ code: 'E-EXT-KEY', line: 4, column: 1, length: 10, hint: 'did you mean `constraints`?' });
  });
  it.each([
    'retry: {maxx: 1}',
    'budget: {trial: 3}',
    'resources: {gpu: 1}',
    'collect: {stdin: []}',
    'code: {inclde: []}',
    'disconnect: {lost_afer: 1}',
    'early_terminate: {type: asha, min_itr: 3}',
  ])('in a block: %s', (line) => expect(more(line)).toEqual(refused('E-EXT-KEY')));
  it('on a parameter', () => {
    expect(outcome(random('{a: {values: [1, 2]}, b: {value: 1, whn: {a: 1}}}'))).toEqual(refused('E-EXT-KEY'));
    expect(outcome(random('{b: {value: 1, priorr: {}}}'))).toEqual(refused('E-EXT-KEY'));
  });
});

describe('a wrong value is refused:', () => {
  it.each([
    'seed: 1.5',
    'seed: "7"',
    'timeout: 1:30',
    'timeout: 0',
    'timeout: soon',
    'priority: high',
    'parallel: 0',
    'retry: 2',
    'retry: {on: [gremlins]}',
    'retry: {on: [exit: [300]]}',
    'retry: {max: -1}',
    'disconnect: {while_away: sleep}',
    'resources: {gpus: 0.5}',
    'resources: {gpu_memory: 10 bananas}',
    'resources: {labels: [a]}',
    'budget: {trials: 0}',
    'budget: 12h',
    "collect: {stdout: ['loss=(.*)']}",
    "collect: {stdout: ['(?<x>a)\\1']}",
    "collect: {stdout: ['(?<step>\\d+)']}",
    'collect: {tensorboard: /tmp/tb}',
    'collect: {tensorboard: ../tb}',
    'code: {ship: maybe}',
    'constraints: a < 1',
    'zip: 3',
    'metric: {name: l, value: mean}',
    'early_terminate: {type: asha, min_iter: soon}',
    'early_terminate: {type: asha, max_iter: 27}',
  ])('%s', (line) => expect(more(line)).toMatchObject({ accepted: false, codes: expect.arrayContaining(['E-EXT-VALUE']) }));
});

describe('retry', () => {
  it('reads a bare on, which YAML 1.1 takes for true', () => {
    expect(spec('retry: {max: 2, on: [lost, exit: [75], oom], backoff: 30s}').retry).toEqual({
      max: 2,
      on: ['lost', { exit: [75] }, 'oom'],
      backoffMs: 30_000,
    });
  });
  it('takes one cause without a list', () => expect(spec('retry: {on: {exit: 3}}').retry?.on).toEqual([{ exit: [3] }]));
  it('keeps to the causes that are retried anyway when none is named', () => {
    expect(spec('retry: {max: 5}').retry).toEqual({ max: 5, on: ['lost', { exit: [75] }], backoffMs: 1_000 });
  });
});

describe('durations and sizes', () => {
  it.each([
    ['30s', 30_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['90', 90_000],
    ['1e2', 100_000],
    ['0.5', 500],
  ])('timeout: %s', (text, ms) => expect(spec(`timeout: ${text}`).timeoutMs).toBe(ms));
  it.each([
    ['10GB', 1e10],
    ['512MB', 5.12e8],
    ['8GiB', 8 * 1024 ** 3],
    ['4096', 4096],
  ])('memory: %s', (text, bytes) => expect(spec(`resources: {memory: ${text}}`).resources.memoryBytes).toBe(bytes));
});

it('labels are text as written', () => {
  expect(spec('resources: {labels: {gpu: 3090, on: yes, __proto__: x}}').resources.labels).toEqual(
    Object.fromEntries([
      ['gpu', '3090'],
      ['on', 'yes'],
      ['__proto__', 'x'],
    ]),
  );
});

it('code is shipped unless it says not to', () => {
  expect(spec("code: {exclude: ['*.ckpt']}").code).toEqual({ include: [], exclude: ['*.ckpt'] });
  expect(spec('code: {ship: false}').code).toBeNull();
});

it('a seed may be larger than 2^53', () => expect(spec('seed: 12345678901234567890').seed).toBe(12345678901234567890n));

describe('when', () => {
  const two = (when: string): ReturnType<typeof outcome> =>
    outcome(random(`{opt: {values: [sgd, adam]}, k: {min: 1, max: 3}, on: {values: [1, 2]}, b: {min: 0.1, max: 0.9, when: ${when}}}`));
  it.each(['{opt: adam}', '{opt: [adam, sgd]}', '{k: 2}', '{opt: adam, k: [1, 3]}', '{on: 1}'])('%s', (when) =>
    expect(two(when)).toEqual(accepted()),
  );
  it.each(['{optt: adam}', '{opt: adm}', '{k: 4}', '{k: 1.5}', '{b: 0.5}', '[opt]', '{}', '{opt: []}'])('%s is refused', (when) => {
    expect(two(when)).toMatchObject({ accepted: false, codes: ['E-WHEN'] });
  });
  it('a cycle is refused', () => {
    expect(outcome(random('{a: {values: [1], when: {b: 1}}, b: {values: [1], when: {a: 1}}}'))).toEqual(refused('E-WHEN'));
  });
  it('numbers written as text match numbers', () =>
    expect(outcome(random('{lr: {values: [1e-3, 0.1]}, b: {values: [1, 2], when: {lr: 1e-3}}}'))).toEqual(accepted()));
  it('on a group it holds for all in it, and names neighbours', () => {
    const text = random('{o: {values: [x, y]}, g: {when: {o: x}, parameters: {p: {values: [1, 2]}, q: {values: [3], when: {p: 2}}}}}');
    const conditions = specOf(text).space.parameters.map(({ path, when }) => [path.join('.'), when.map(({ key }) => key)]);
    expect(conditions).toEqual([
      ['g.p', ['["o"]']],
      ['g.q', ['["o"]', '["g","p"]']],
      ['o', []],
    ]);
  });
});

describe('prior', () => {
  const one = (prior: string): ReturnType<typeof outcome> =>
    outcome(bayes(`{a: {min: 0.0001, max: 0.1, prior: ${prior}}, b: {values: [x, y]}}`));
  it('reads numbers without a notice', () => expect(one('{around: 3e-4, confidence: high}')).toEqual(accepted()));
  it.each(['{around: 3}', '{around: x}', '{confidence: high}', '{around: 0.01, confidence: sure}', '0.01'])('%s is refused', (prior) => {
    expect(one(prior)).toEqual(refused('E-EXT-VALUE'));
  });
});

describe('constraints', () => {
  const space = '{model.lr: {min: 1, max: 4}, g: {parameters: {w: {values: [1, 2]}}}, x-y: {min: 1, max: 3}}';
  const text = (constraint: string): string => `program: t\nmethod: grid\nparameters: ${space}\nconstraints:\n  - ${constraint}\n`;
  it.each(['model.lr <= 3', 'g.w * model.lr < 6', '"`x-y` > 1"', 'not (g.w == 1)', 'true'])('%s', (constraint) =>
    expect(outcome(text(constraint))).toEqual(accepted()),
  );
  it.each([
    ['model.lr <= depht', 'depht'],
    ['model.lr <= (3', '3'],
    ['"model.lr ? 3"', '?'],
  ])('%s is refused at the token', (constraint, token) => {
    const source = text(constraint);
    const [finding] = parseSweepFile(source).findings;
    expect(finding?.code).toBe('E-CONSTRAINT');
    const line = source.split('\n')[(finding?.line ?? 1) - 1] ?? '';
    expect(line.slice((finding?.column ?? 1) - 1)).toMatch(new RegExp(`^${token.replace('?', '\\?')}`));
  });
  it('that leave no point are refused', () => {
    expect(outcome(text('model.lr > 9'))).toEqual(refused('E-CONSTRAINT'));
    expect(outcome(random('{a: {min: 0.0, max: 1.0}}', 'constraints: [a > 2]'))).toEqual(refused('E-CONSTRAINT'));
  });
});

describe('zip', () => {
  const space = '{d: {values: [1, 2, 3]}, w: {min: 4, max: 6}, l: {values: [x, y]}}';
  it('goes together in a grid', () => expect(outcome(grid(space, 'zip: [[d, w]]'))).toEqual(accepted()));
  it.each(['[[d, l]]', '[[d, z]]', '[[d, d]]', '[[d, w], [w, l]]', '[[d]]', '[d, w]'])('%s is refused', (zip) => {
    expect(outcome(grid(space, `zip: ${zip}`))).toMatchObject({ accepted: false, codes: ['E-ZIP'] });
  });
  it('needs a grid', () => expect(outcome(file('random', space, 'zip: [[d, w]]'))).toEqual(refused('E-ZIP')));
});
