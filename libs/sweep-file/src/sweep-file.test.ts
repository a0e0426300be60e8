import { numeric, type Observation } from '@sweep/optimizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { any, random } from '../testing/conformance.js';
import { extensionKeys } from './extensions/extensions.js';
import { applyOverrides, createSampler, expectedTrials, parseSweepFile, preview, renderFindings, samplerOf } from './index.js';
import { wandbKeys } from './top-level.js';

const words = fc.constantFrom(
  'grid',
  'random',
  'bayes',
  'custom',
  'min',
  'max',
  'value',
  'values',
  'hyperband',
  'asha',
  'name',
  '1e-5',
  '__proto__',
  '${args}',
  '${x',
  'a',
  'on',
  '1:30',
  '2020-01-01',
  '30s',
  '10GB',
  '<<',
  'a < 2',
  '(?<x>.)',
  '',
);
const leaf = fc.oneof(words, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.string());
const knownKeys = fc.constantFrom(
  ...wandbKeys,
  ...extensionKeys,
  'min',
  'max',
  'q',
  'mu',
  'sigma',
  'a',
  'b',
  'value',
  'values',
  'probabilities',
  'distribution',
  'when',
  'prior',
  'around',
  'name',
  'goal',
  'type',
  'min_iter',
  'max_iter',
  's',
  'eta',
  'engine',
  'on',
  'exit',
  'stdout',
  'labels',
  '__proto__',
  'constructor',
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    leaf,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(knownKeys, tie('tree'), { maxKeys: 6 }),
  ),
}));
const files = fc
  .dictionary(fc.constantFrom(...wandbKeys, ...extensionKeys), tree, { maxKeys: 8 })
  .map((made) => JSON.stringify({ method: 'random', parameters: { a: { values: [1, 2] } }, ...made }));

function check(text: string): void {
  const { accepted, spec, findings } = parseSweepFile(text);
  expect(accepted).toBe(!findings.some(({ severity }) => severity === 'error'));
  expect(spec !== null).toBe(accepted);
  const lines = text.split('\n');
  for (const { line, column, length, message } of findings) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    expect(length).toBeGreaterThanOrEqual(1);
    expect(message).not.toContain('undefined');
  }
  renderFindings('f', text, findings);
}

describe('any text', () => {
  it('is answered with findings inside it, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          files,
          fc.string(),
          tree.map((value) => JSON.stringify(value) ?? ''),
        ),
        check,
      ),
      { numRuns: 1_000 },
    );
  }, 120_000);
});

describe('findings', () => {
  it('are shown with line, caret and hint', () => {
    const text = 'program: t.py\nmethod: randm\nparameters:\n  lr: {min: 3, max: 1}\n';
    expect(renderFindings('sweep.yaml', text, parseSweepFile(text).findings).split('\n\n')[0]).toBe(
      [
        'sweep.yaml:2:9: error E-METHOD: there is no method `randm`',
        '  method: randm',
        '          ^^^^^',
        '  hint: did you mean `random`?',
      ].join('\n'),
    );
  });
  it('keep the caret under the token behind tabs and at the end of lines', () => {
    const finding = { code: 'E-TYPE', severity: 'warning', path: '', line: 1, column: 4, length: 50, message: 'm', hint: '' } as const;
    expect(renderFindings('f', 'a\tbc\r\n', [finding])).toBe('f:1:4: warning E-TYPE: m\n  a\tbc\n   \t ^');
  });
});

describe('overrides', () => {
  const text =
    '# mine\nname: old # why\nparameters:\n  model.lr: {min: 1e-5, max: 1}\n  g:\n    parameters: {w: {values: [010, on, ~]}}\nempty:\n';
  it('change what they name and keep the rest as written', () => {
    const made = applyOverrides(text, {
      name: 'new',
      set: [
        ['parameters.model.lr.max', '1e-3'],
        ['parameters.g.parameters.w.values.1', 'off'],
        ['budget.trials', '5'],
      ],
    });
    expect(made).toContain('# mine\nname: new # why');
    expect(made).toContain('min: 1e-5, max: 1e-3');
    expect(made).toContain('010, off, ~');
    expect(made).toContain('empty:\n');
    expect(made).toMatch(/budget:\s*\n? *\{? *trials: 5/);
  });
  it('keep a name text that looks like a number', () =>
    expect(parseSweepFile(applyOverrides(random(any), { name: '007', set: [] })).spec?.name).toBe('007'));
  it('refuse what cannot be set, naming the path', () => {
    for (const [path, yaml] of [
      ['name.first', 'x'],
      ['a..b', '1'],
      ['x', '[1'],
    ] as const) {
      expect(() => applyOverrides(text, { set: [[path, yaml]] })).toThrow(
        expect.objectContaining({ code: 'invalid', details: [expect.objectContaining({ path })] }),
      );
    }
  });
  it('leave a text alone that is no mapping', () => expect(applyOverrides('a: [', { name: 'x', set: [] })).toBe('a: ['));
});

describe('a preview', () => {
  const host = { environment: () => undefined, platform: 'linux', argsJsonFile: () => 'args.json' };
  const spec = (text: string): NonNullable<ReturnType<typeof parseSweepFile>['spec']> => {
    const parsed = parseSweepFile(text).spec;
    if (parsed === null) throw new Error('refused');
    return parsed;
  };
  const grid = 'program: train.py\nmethod: grid\nparameters: {lr: {values: [0.01, 0.1]}, bs: {values: [16, 32]}}\n';
  it('shows the points of a grid with their arguments', () => {
    expect(preview(spec(`${grid}metric: {name: l}\nearly_terminate: {type: hyperband, max_iter: 27, s: 2}`), 1, 0n, host)).toEqual({
      method: 'grid',
      expectedTrials: 4,
      exhausted: false,
      rungs: [3, 9],
      trials: [{ number: 1, params: { bs: 16, lr: 0.01 }, argv: ['/usr/bin/env', 'python', 'train.py', '--bs=16', '--lr=0.01'] }],
    });
  });
  it('says when the space ends', () => expect(preview(spec(grid), 9, 0n, host)).toMatchObject({ exhausted: true, trials: { length: 4 } }));
  it('is the same for the same seed and another for another', () => {
    const text = spec('program: t\nmethod: random\nparameters: {lr: {min: 0.0, max: 1.0}}');
    expect(preview(text, 5, 3n, host)).toEqual(preview(text, 5, 3n, host));
    expect(preview(text, 5, 3n, host)).not.toEqual(preview(text, 5, 4n, host));
  });
  it('counts the smaller of grid and caps', () => {
    expect(expectedTrials(spec(`${grid}run_cap: 3`))).toBe(3);
    expect(expectedTrials(spec(`${grid}run_cap: 9\nbudget: {trials: 2}`))).toBe(2);
    expect(expectedTrials(spec('method: random\nparameters: {lr: {min: 0.0, max: 1.0}}\nrun_cap: 7'))).toBe(7);
  });
  it('shows the first, even design of a search that learns', () => {
    const bayes = spec(
      'program: t\nmethod: bayes\nmetric: {name: l}\nparameters: {lr: {min: 0.0, max: 1.0}, k: {values: [1, 2]}}\nrun_cap: 9',
    );
    const { trials, exhausted, expectedTrials: expected } = preview(bayes, 4, 3n, host);
    expect([trials.length, exhausted, expected]).toEqual([4, false, 9]);
    expect(trials[3]!.argv).toContain(`--k=${trials[3]!.params['k'] as number}`);
    expect(preview(bayes, 4, 3n, host)).toEqual(preview(bayes, 4, 3n, host));
  });
  it('has no trials of its own when they come from outside', () => {
    expect(preview(spec(`method: custom\nscheduler: {engine: optuna}\nparameters: ${any}`), 3, 0n, host).trials).toEqual([]);
  });
});

describe('a constraint on a metric', () => {
  const file = (metrics: string): ReturnType<typeof parseSweepFile> =>
    parseSweepFile(`method: bayes\nprogram: p\nparameters: {a: {min: 0.0, max: 1.0}}\nmetrics: ${metrics}\n`);

  it('makes a metric without a goal something to watch', () => {
    const { spec, findings } = file("[{name: loss, goal: minimize}, {name: ms, constraint: '<= 50'}]");
    expect(findings).toEqual([]);
    expect(spec?.objectives.map(({ name }) => name)).toEqual(['loss']);
    expect(spec?.limits).toEqual([{ name: 'ms', goal: 'minimize', value: 'last', keep: 'below', bound: 50 }]);
  });

  it('leaves a metric with a goal an objective', () => {
    const { spec } = file("[{name: acc, goal: maximize, constraint: '>= 0.5'}, {name: ms}]");
    expect(spec?.objectives.map(({ name }) => name)).toEqual(['acc', 'ms']);
    expect(spec?.limits).toEqual([{ name: 'acc', goal: 'maximize', value: 'last', keep: 'above', bound: 0.5 }]);
  });

  it('counts the value that an objective would: where the best one counts, the one furthest within', () => {
    const { spec } = file("[{name: loss}, {name: ms, value: best, constraint: '<= 50'}, {name: acc, value: best, constraint: '>= 0.9'}]");
    expect(spec?.limits.map(({ name, goal, value }) => [name, goal, value])).toEqual([
      ['ms', 'minimize', 'best'],
      ['acc', 'maximize', 'best'],
    ]);
  });

  it('reaches the sampler: where it is broken, it looks elsewhere', () => {
    const { spec } = file("[{name: loss, goal: minimize}, {name: ms, constraint: '<= 50'}]");
    const proposed = (limit: (a: number) => number): number[] => {
      const sampler = createSampler(samplerOf(spec!)!, spec!, 1n);
      const observations = Array.from({ length: 15 }, (_, index): Observation => {
        const a = index / 14;
        return { number: index + 1, params: { a }, state: 'completed', values: [a], limits: [limit(a)] };
      });
      return sampler.ask({ cursor: 15, count: 4, observations }).proposals.map(({ params }) => numeric(params['a'])!);
    };
    // The loss falls towards 0; so does the time above its bound.
    expect(Math.min(...proposed((a) => (a < 0.5 ? 90 : 10)))).toBeGreaterThan(0.3);
    expect(Math.min(...proposed(() => 10))).toBeLessThan(0.1);
  });

  it('is a comparison with a number', () => {
    for (const wrong of ["'< 50'", "'about 50'", '50', "'<= many'", "'<= .inf'"]) {
      const { spec, findings } = file(`[{name: loss}, {name: ms, constraint: ${wrong}}]`);
      expect([wrong, spec, findings.map(({ code, path }) => `${code} ${path}`)]).toEqual([
        wrong,
        null,
        ['E-EXT-VALUE metrics.1.constraint'],
      ]);
    }
  });
});
