import { samplers } from '@sweep/optimizer';
import { createPruner, createSampler, parseSweepFile } from '@sweep/sweep-file';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conversation } from './conversation.js';
import { Study } from './study.js';

const space = 'parameters: {x: {min: 0.0, max: 1.0}, k: {values: [1, 2, 3]}}';
const grid = 'parameters: {x: {values: [1, 2.5]}}';

interface Setting {
  readonly sampler?: string;
  readonly file?: string;
  readonly seed?: bigint;
}

function open({ sampler = 'random', file = '', seed = 7n }: Setting = {}): Conversation {
  const parameters = sampler === 'grid' ? grid : space;
  const metric = file.includes('metric') ? '' : 'metric: {name: loss, goal: minimize}';
  const { spec, findings } = parseSweepFile(`program: t\nmethod: random\n${metric}\n${parameters}\n${file}`);
  if (spec === null) throw new Error(JSON.stringify(findings));
  const definition = samplers.get(sampler)!;
  const { objectives, limits } = spec;
  const made = createSampler(definition, spec, seed);
  return new Conversation(new Study({ space: spec.space, objectives, limits, definition, sampler: made, pruner: createPruner(spec) }));
}

const say = (conversation: Conversation, ...lines: readonly string[]): readonly unknown[] =>
  lines.map((line) => JSON.parse(conversation.answer(line)!));
const last = (conversation: Conversation, ...lines: readonly string[]): unknown => say(conversation, ...lines).at(-1);

describe('asking', () => {
  it.each([...samplers.keys()])('%s gives numbered points of the space', (sampler) => {
    const [first, second] = say(open({ sampler }), '{"op":"ask"}', '{"op":"ask","n":2}') as [Asked, Asked];
    expect(first.trials.map(({ number }) => number)).toEqual([1]);
    expect(second.trials[0]!.number).toBe(2);
    for (const { params } of [...first.trials, ...second.trials]) expect(params.x).toEqual(expect.any(Number));
  });

  it('gives fewer and says so when the space has ended', () => {
    const answers = say(open({ sampler: 'grid' }), '{"op":"ask","n":5}', '{"op":"ask","n":5}');
    expect(answers).toEqual([
      {
        trials: [
          { number: 1, params: { x: 1 } },
          { number: 2, params: { x: 2.5 } },
        ],
        exhausted: true,
      },
      { trials: [], exhausted: true },
    ]);
  });

  it('counts trials that are not told yet as tried: no point comes twice', () => {
    const { trials } = last(open({ sampler: 'bayes' }), '{"op":"ask","n":30}') as Asked;
    expect(new Set(trials.map(({ params }) => JSON.stringify(params))).size).toBe(30);
  });
});

interface Asked {
  readonly trials: readonly { readonly number: number; readonly params: { readonly x: number } }[];
}

describe('telling', () => {
  it('teaches the sampler: what it was told changes where it looks', () => {
    const told = (sign: number): unknown => {
      const conversation = open({ sampler: 'bayes' });
      for (let n = 1; n <= 12; n += 1) {
        const { trials } = last(conversation, '{"op":"ask"}') as Asked;
        say(conversation, JSON.stringify({ op: 'tell', number: n, value: sign * trials[0]!.params.x }));
      }
      return last(conversation, '{"op":"ask","n":5}');
    };
    expect(told(1)).not.toEqual(told(-1));
  });

  it('takes results that were not asked for, with negative numbers', () => {
    const conversation = open();
    say(conversation, '{"op":"tell","params":{"x":0.5,"k":1},"value":3}', '{"op":"tell","params":{"x":0.25,"k":2},"value":2}');
    expect(last(conversation, '{"op":"best"}')).toMatchObject({ number: -2, value: 2, params: { x: 0.25, k: 2 } });
  });

  it('takes failures, and values that are no numbers, which are never the best', () => {
    const conversation = open({ sampler: 'bayes' });
    say(conversation, '{"op":"ask","n":5}');
    const answers = say(
      conversation,
      '{"op":"tell","number":1,"state":"failed"}',
      '{"op":"tell","number":2,"state":"infeasible"}',
      '{"op":"tell","number":3,"value":"NaN"}',
      '{"op":"tell","number":4,"value":"-Infinity"}',
      '{"op":"tell","number":5,"value":0.5}',
    );
    expect(answers).toEqual(Array.from({ length: 5 }, () => ({ ok: true })));
    expect(last(conversation, '{"op":"best"}')).toMatchObject({ number: 5, value: 0.5 });
  });

  it('takes a list where there are several objectives', () => {
    const conversation = open({ file: 'metrics: [{name: loss, goal: maximize}, {name: cost}]\n' });
    say(conversation, '{"op":"ask","n":2}', '{"op":"tell","number":1,"value":[1,9]}', '{"op":"tell","number":2,"value":[2,9]}');
    expect(last(conversation, '{"op":"best"}')).toMatchObject({ number: 2, value: 2 });
  });
});

describe('the best of several objectives', () => {
  const file = "metrics: [{name: loss, goal: minimize}, {name: acc, goal: maximize}, {name: ms, constraint: '<= 50'}]";
  const point = { x: 0.5, k: 1 };
  const add = (loss: number, acc: number | string, more: object = {}): string =>
    JSON.stringify({ op: 'tell', params: point, value: [loss, acc], metrics: { ms: 50 }, ...more });

  it('comes with all that no other beats in every one, itself the first of them', () => {
    const conversation = open({ file, sampler: 'bayes' });
    say(conversation, add(3, 9), add(1, 2), add(1, 4), add(2, 4), add(3, 9));
    expect(last(conversation, '{"op":"best"}')).toEqual({
      number: -3,
      value: 1,
      params: point,
      recommended: point,
      pareto: [
        { number: -3, value: [1, 4], params: point },
        { number: -1, value: [3, 9], params: point },
        { number: -5, value: [3, 9], params: point },
      ],
    });
  });

  it('leaves out what breaks a limit, was stopped or has not every value', () => {
    const conversation = open({ file });
    say(conversation, add(0, 9, { metrics: { ms: 51 } }), add(0, 9, { state: 'pruned' }), add(0, 'NaN'), add(2, 2));
    expect(last(conversation, '{"op":"best"}')).toMatchObject({ number: -4, pareto: [{ number: -4, value: [2, 2] }] });
  });

  it('is an empty set before the first result; of one objective there is no set', () => {
    const none = { number: null, value: null, params: null, recommended: null };
    expect(last(open({ file }), '{"op":"best"}')).toEqual({ ...none, pareto: [] });
    expect(last(open(), '{"op":"best"}')).toEqual(none);
  });
});

describe('the best', () => {
  it('is nothing before the first result', () => {
    expect(last(open(), '{"op":"best"}')).toEqual({ number: null, value: null, params: null, recommended: null });
  });

  it('respects the goal, and is a stopped trial only when none was finished', () => {
    const conversation = open({ file: 'metric: {name: acc, goal: maximize}' });
    say(conversation, '{"op":"ask","n":3}', '{"op":"tell","number":1,"state":"pruned","value":9}');
    expect(last(conversation, '{"op":"best"}')).toMatchObject({ number: 1, value: 9 });
    say(conversation, '{"op":"tell","number":2,"value":1}', '{"op":"tell","number":3,"value":2}');
    expect(last(conversation, '{"op":"best"}')).toMatchObject({ number: 3, value: 2 });
  });

  it('comes with a recommendation, which is one of the points tried', () => {
    const conversation = open({ sampler: 'bayes' });
    const { trials } = last(conversation, '{"op":"ask","n":6}') as Asked;
    for (const { number, params } of trials) say(conversation, JSON.stringify({ op: 'tell', number, value: params.x }));
    const { recommended } = last(conversation, '{"op":"best"}') as { recommended: unknown };
    expect(trials.map(({ params }) => params)).toContainEqual(recommended);
  });
});

describe('reporting', () => {
  it('goes on, and says so, when the file stops nothing early', () => {
    const answer = last(open(), '{"op":"ask"}', '{"op":"report","number":1,"step":0,"value":5}');
    expect(answer).toEqual({ stop: false, reason: 'the sweep file has no `early_terminate`' });
  });

  it('stops what is worse than its peers, and keeps saying so', () => {
    const conversation = open({ file: 'early_terminate: {type: hyperband, min_iter: 1}' });
    say(conversation, '{"op":"ask","n":4}');
    for (const number of [1, 2, 3]) say(conversation, `{"op":"report","number":${number},"step":0,"value":${number}}`);
    const [stopped, again] = say(
      conversation,
      '{"op":"report","number":4,"step":0,"value":99}',
      '{"op":"report","number":4,"step":1,"value":0}',
    );
    expect(stopped).toMatchObject({ stop: true, reason: expect.stringContaining('band 1') });
    expect(again).toEqual(stopped);
  });

  it('gives the value of a trial that is told without one', () => {
    const conversation = open({ file: 'metric: {name: loss, goal: minimize, value: best}' });
    say(conversation, '{"op":"ask"}');
    for (const [step, value] of [3, 1, 2].entries()) say(conversation, JSON.stringify({ op: 'report', number: 1, step, value }));
    expect(last(conversation, '{"op":"tell","number":1,"state":"pruned"}', '{"op":"best"}')).toMatchObject({ number: 1, value: 1 });
  });
});

describe('limits', () => {
  const limited = "metrics: [{name: loss, goal: minimize}, {name: ms, constraint: '<= 50'}]";
  const tell = (number: number, value: number, ms?: number | string): string =>
    JSON.stringify({ op: 'tell', number, value, ...(ms === undefined ? {} : { metrics: { ms } }) });

  it('are told by name; the best keeps them, and what was not told does not', () => {
    const conversation = open({ file: limited });
    say(conversation, '{"op":"ask","n":5}', tell(1, 1, 51), tell(2, 3, 50), tell(3, 2), tell(4, 0, 'NaN'), tell(5, 4, 10));
    expect(last(conversation, '{"op":"best"}')).toMatchObject({ number: 2, value: 3 });
  });

  it('that nobody keeps leave no best, and the answer says so', () => {
    const conversation = open({ file: limited, sampler: 'bayes' });
    say(conversation, '{"op":"ask","n":2}', tell(1, 1, 51), tell(2, 3, 60));
    expect(last(conversation, '{"op":"best"}')).toEqual({
      number: null,
      value: null,
      params: null,
      recommended: null,
      reason: 'none of 2 completed trials keeps ms <= 50',
    });
  });

  it('bound what is recommended', () => {
    const conversation = open({ file: limited, sampler: 'bayes' });
    for (let n = 1; n <= 14; n += 1) {
      const { trials } = last(conversation, '{"op":"ask"}') as Asked;
      say(conversation, tell(n, trials[0]!.params.x, 100 - 100 * trials[0]!.params.x));
    }
    const { recommended } = last(conversation, '{"op":"best"}') as { recommended: { x: number } };
    expect(recommended.x).toBeGreaterThanOrEqual(0.5);
  });

  it('on an objective need not be told twice', () => {
    const file = "metrics: [{name: loss, goal: minimize, constraint: '>= 2'}, {name: cost, goal: minimize}]";
    const conversation = open({ file });
    say(conversation, '{"op":"ask","n":2}', '{"op":"tell","number":1,"value":[1,0]}', '{"op":"tell","number":2,"value":[2,0]}');
    expect(last(conversation, '{"op":"best"}')).toMatchObject({ number: 2 });
  });

  it('teach the search where to stay away', () => {
    const told = (ms: (x: number) => number): unknown => {
      const conversation = open({ file: limited, sampler: 'bayes' });
      for (let n = 1; n <= 12; n += 1) {
        const { trials } = last(conversation, '{"op":"ask"}') as Asked;
        say(conversation, tell(n, trials[0]!.params.x, ms(trials[0]!.params.x)));
      }
      return last(conversation, '{"op":"ask","n":3}');
    };
    expect(told((x) => 100 * x)).not.toEqual(told((x) => 100 - 100 * x));
  });
});

describe('what was reported on the way', () => {
  it('teaches what a stopped trial would have come to', () => {
    const search = (first: (end: number) => number): unknown => {
      const conversation = open({ sampler: 'bayes', file: 'early_terminate: {type: hyperband, min_iter: 1, eta: 2}' });
      for (let n = 1; n <= 24; n += 1) {
        const { trials } = last(conversation, '{"op":"ask"}') as Asked;
        const end = Math.sin(9 * trials[0]!.params.x);
        const stopped = n % 2 === 0 && n > 16;
        for (const value of stopped ? [first(end)] : [first(end), end])
          say(conversation, JSON.stringify({ op: 'report', number: n, value }));
        say(conversation, JSON.stringify({ op: 'tell', number: n, ...(stopped ? { state: 'pruned', value: 2 } : {}) }));
      }
      return last(conversation, '{"op":"ask","n":3}');
    };
    // Every value told is the same; what was reported on the way promises the end, or promises nothing.
    expect(search((end) => 1 + end)).not.toEqual(search((end) => 3 - end));
  });
});

describe('anything wrong is answered, and the conversation goes on', () => {
  it.each([
    ['text that is no JSON', 'ask', 'invalid', /./],
    ['an empty line', '', 'invalid', /./],
    ['a list', '[1]', 'invalid', /one JSON object/],
    ['an operation that there is not', '{"op":"aks"}', 'invalid', /"aks".*ask, report/],
    ['no operation', '{}', 'invalid', /op is missing/],
    ['half a trial', '{"op":"ask","n":0.5}', 'invalid', /n is 0.5/],
    ['too many trials', '{"op":"ask","n":100000}', 'invalid', /10000/],
    ['an unknown trial', '{"op":"tell","number":9,"value":1}', 'not-found', /no trial 9/],
    ['a report of an unknown trial', '{"op":"report","number":9,"step":1,"value":1}', 'not-found', /no trial 9/],
    ['a value that is text', '{"op":"tell","number":1,"value":"good"}', 'invalid', /value is "good"/],
    ['a state that there is not', '{"op":"tell","number":1,"state":"done"}', 'invalid', /"done".*completed/],
    ['a metric that is not limited', '{"op":"tell","number":1,"value":1,"metrics":{"ms":1}}', 'invalid', /"ms".*limits nothing/],
    ['a metric that is no number', '{"op":"tell","number":1,"value":1,"metrics":{"ms":"slow"}}', 'invalid', /metrics\.ms is "slow"/],
    ['metrics that are none', '{"op":"tell","number":1,"value":1,"metrics":[1]}', 'invalid', /metrics is \[1\]/],
    ['no result', '{"op":"tell","number":1}', 'invalid', /tell a `value`/],
    ['two values for one objective', '{"op":"tell","number":1,"value":[1,2]}', 'invalid', /1 objectives/],
    ['neither number nor params', '{"op":"tell","value":1}', 'invalid', /number.*params/],
    ['a parameter outside the space', '{"op":"tell","params":{"x":2,"k":1},"value":1}', 'invalid', /"x" is 2/],
    ['a parameter that there is not', '{"op":"tell","params":{"x":0.5,"k":1,"z":1},"value":1}', 'invalid', /"z"/],
    ['a missing parameter', '{"op":"tell","params":{"x":0.5},"value":1}', 'invalid', /"k" is missing/],
  ])('%s', (_, line, code, message) => {
    const conversation = open();
    say(conversation, '{"op":"ask"}');
    const { error } = last(conversation, line) as { error: { code: string; message: string } };
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(last(conversation, '{"op":"tell","number":1,"value":1}')).toEqual({ ok: true });
  });

  it('a trial that was told before', () => {
    const conversation = open();
    const again = last(conversation, '{"op":"ask"}', '{"op":"tell","number":1,"value":1}', '{"op":"tell","number":1,"value":2}');
    expect(again).toMatchObject({ error: { code: 'conflict', message: expect.stringContaining('trial 1 has ended') } });
    expect(last(conversation, '{"op":"best"}')).toMatchObject({ value: 1 });
  });

  it('a close, which has no answer', () => expect(open().answer('{"op":"close"}')).toBeNull());
});

describe('same file, seed and lines', () => {
  const line = fc.oneof(
    fc.record({ op: fc.constant('ask'), n: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ op: fc.constant('tell'), number: fc.integer({ min: 1, max: 12 }), value: fc.double({ noNaN: true, min: -10, max: 10 }) }),
    fc.record({ op: fc.constant('tell'), number: fc.integer({ min: 1, max: 12 }), state: fc.constantFrom('failed', 'pruned') }),
    fc.record({ op: fc.constant('report'), number: fc.integer({ min: 1, max: 12 }), value: fc.double({ noNaN: true }) }),
    fc.record({
      op: fc.constant('tell'),
      params: fc.record({ x: fc.double({ min: 0, max: 1, noNaN: true }), k: fc.constant(2) }),
      value: fc.integer(),
    }),
    fc.constant({ op: 'best' }),
  );

  it.each([...samplers.keys()])('give the same answers, bit for bit: %s', (sampler) => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 5, maxLength: 25 }), (lines) => {
        const texts = lines.map((one) => JSON.stringify(one));
        const [one, two] = [open({ sampler }), open({ sampler })];
        const answers = texts.map((text) => one.answer(text));
        expect(texts.map((text) => two.answer(text))).toEqual(answers);
        expect(answers.filter((answer) => answer?.includes('"bug"'))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
