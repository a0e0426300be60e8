import { describe, expect, it } from 'vitest';
import { branchPoint, configValues, userConfig, wandbConfig, wrapConfig } from './config.js';
import { definedMetrics, definitionOf } from './defined-metrics.js';

const own = '{"value":{"t":{"1":[1,5]},"cli_version":"0.31.0","branch_point":{"run_id":"ab12cd34","step":7}}}';
const document = `{"lr":{"value":0.10},"seed":{"desc":null,"value":1152921504606846977},"net":{"value":{"depth":1.0,"a.b":[1, 2]}},"_wandb":${own}}`;

describe('the config document of a run', () => {
  it("shows its user the values, without the client's own, every digit kept", () => {
    expect(userConfig(document)).toBe('{"lr":0.10,"seed":1152921504606846977,"net":{"depth":1.0,"a.b":[1, 2]}}');
  });

  it('comes back the same after wrapping', () => {
    expect(userConfig(wrapConfig(configValues(document)))).toBe(userConfig(document));
    expect(wrapConfig([['x', '1.0']])).toBe('{"x":{"value":1.0}}');
  });

  it('may hold values that nobody wrapped', () => {
    expect(userConfig('{"a":1,"b":{"c":2},"d":{"value":{"value":3}}}')).toBe('{"a":1,"b":{"c":2},"d":{"value":3}}');
  });

  it('gives the asked parts of what the client keeps for itself', () => {
    expect(wandbConfig(document, ['t', 'none'])).toBe('{"t":{"1":[1,5]}}');
    expect(wandbConfig(document, null)).toContain('"cli_version":"0.31.0"');
    expect(wandbConfig('{"lr":{"value":1}}', ['t'])).toBe('{}');
  });

  it('says where the run was forked', () => {
    expect(branchPoint(document)).toEqual({ run: 'ab12cd34', step: 7 });
    expect(branchPoint('{}')).toBeUndefined();
    expect(branchPoint('{"_wandb":{"value":{"branch_point":{"run_id":1}}}}')).toBeUndefined();
  });

  it.each(['', 'null', '[]', '{oops', '"text"'])('is empty when its text is %j', (text) => {
    expect(userConfig(text)).toBe('{}');
    expect(wandbConfig(text, ['t'])).toBe('{}');
    expect(definedMetrics(text)).toEqual([]);
  });
});

describe('the metrics that a run defined', () => {
  const of = (m: string) => definedMetrics(`{"_wandb":{"value":{"m":${m}}}}`);
  // As wandb 0.31 writes define_metric("val/*", summary="min", step_metric="ep").
  const defined = of('[{"2":"val/*","5":2,"6":[1],"7":[1]},{"1":"ep","6":[],"7":[]},{"1":"val/secret","4":"ep","6":[2]}]');

  it('name their step metric by its place or by its name', () => {
    expect(defined).toEqual([
      { name: 'val/*', isGlob: true, stepMetric: 'ep', hidden: false },
      { name: 'ep', isGlob: false, stepMetric: null, hidden: false },
      { name: 'val/secret', isGlob: false, stepMetric: 'ep', hidden: true },
    ]);
  });

  it('are found by name first, then by the first glob that fits', () => {
    expect(definitionOf('val/secret', defined)?.hidden).toBe(true);
    expect(definitionOf('val/loss', defined)?.name).toBe('val/*');
    expect(definitionOf('train/loss', defined)).toBeUndefined();
  });

  it.each([
    ['*', 'anything', true],
    ['a*', 'a', true],
    ['*a', 'ba', true],
    ['*a', 'ab', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['ab*ba', 'aba', false],
    ['a.*', 'ab', false],
  ])('the glob %j and the name %j: %j', (glob, name, fits) => {
    expect(definitionOf(name, of(`[{"2":${JSON.stringify(glob)}}]`)) !== undefined).toBe(fits);
  });

  it('that cannot be understood are left out', () => {
    expect(of('[1,{},{"1":5},{"1":"a","5":99,"6":3}]')).toEqual([{ name: 'a', isGlob: false, stepMetric: null, hidden: false }]);
  });
});
