import { describe, expect, it } from 'vitest';
import { chartsIn, mediaIn, seriesOf, valuesIn } from './logged-values.js';

describe('documents of programs', () => {
  it('are read with their bare words as texts', () => {
    expect(valuesIn('{"a": NaN, "b": [-Infinity], "c": "NaN \\" Infinity"}')).toEqual({ a: 'NaN', b: ['-Infinity'], c: 'NaN " Infinity' });
  });

  it('that are broken are nothing', () => {
    for (const text of [null, '', '{', '[1]', '7', 'NaN']) expect(valuesIn(text)).toBeNull();
  });
});

describe('series', () => {
  const last = { name: 'loss', step: 3, value: Number.NaN, time: 0, min: 1, max: 2, count: 4 };

  it('are what was measured and what else was logged', () => {
    const keys = JSON.stringify({
      keys: {
        loss: { typeCounts: [{ type: 'number', count: 4 }] },
        _step: { typeCounts: [{ type: 'number', count: 4 }] },
        sample: {
          typeCounts: [
            { type: 'nil', count: 9 },
            { type: 'image-file', count: 2 },
          ],
        },
        word: { typeCounts: [{ type: 'string', count: 1 }] },
        odd: { typeCounts: 'x' },
      },
    });
    expect(
      seriesOf([last, { ...last, name: 'system.cpu', value: 5 }], { historyKeys: keys, configDocument: null }).map(
        ({ name, kind, system, last: value }) => [name, kind, system, value],
      ),
    ).toEqual([
      ['loss', 'number', false, 'NaN'],
      ['sample', 'image-file', false, null],
      ['system.cpu', 'number', true, 5],
      ['word', 'text', false, null],
    ]);
  });

  it('without a document are those that were measured', () => {
    expect(seriesOf([last], { historyKeys: null, configDocument: null })).toHaveLength(1);
    expect(seriesOf([], { historyKeys: '{"keys": 7}', configDocument: 'no JSON' })).toEqual([]);
  });

  it('say how their program wants them drawn, patterns included', () => {
    // As wandb 0.31 writes define_metric("val/*", step_metric="epoch") and define_metric("epoch", hidden=True).
    const configDocument = '{"_wandb":{"value":{"m":[{"2":"val/*","5":2,"6":[1]},{"1":"epoch","6":[2]}]}}}';
    const named = (name: string) => ({ ...last, name });
    const series = seriesOf([named('epoch'), named('loss'), named('val/acc')], { historyKeys: null, configDocument });
    expect(series.map(({ name, axis, hidden }) => [name, axis, hidden])).toEqual([
      ['epoch', null, true],
      ['loss', null, false],
      ['val/acc', 'epoch', false],
    ]);
  });
});

describe('media of a line', () => {
  const line =
    '{"_step": 7, "_timestamp": 1.5, "loss": NaN, "a": {"b": {"_type": "image-file", "path": "x.png"}}, "h": {"_type": "histogram", "values": [1]}}';

  it('are its objects with a type, nested ones by dotted names', () => {
    expect(mediaIn(line, null).map(({ key, step, at }) => [key, step, at])).toEqual([
      ['a.b', 7, '1970-01-01T00:00:01.500Z'],
      ['h', 7, '1970-01-01T00:00:01.500Z'],
    ]);
    expect(mediaIn(line, new Set(['h']))).toHaveLength(1);
  });

  it('of numbers alone, or of nonsense, are none', () => {
    expect(mediaIn('{"_step": 1, "loss": 2}', null)).toEqual([]);
    expect(mediaIn('{"_type" broken', null)).toEqual([]);
  });
});

it('charts are what the client put into the config', () => {
  expect(chartsIn('{"_wandb": {"value": {"visualize": {"bars": {"panel_type": "Vega2"}}}}}')).toEqual([
    { key: 'bars', panel: { panel_type: 'Vega2' } },
  ]);
  for (const text of [null, '{}', '{"_wandb": 1}', '{"_wandb": {"value": {"visualize": []}}}']) expect(chartsIn(text)).toEqual([]);
});
