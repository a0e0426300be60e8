import { insightView as schema } from '@sweep/api';
import type { Observation } from '@sweep/optimizer';
import { parseSweepFile } from '@sweep/sweep-file';
import { describe, expect, it } from 'vitest';
import { insightOf } from '../sampling/insight.js';
import { insightView } from './insight-view.js';

const { spec } = parseSweepFile(`program: t
method: random
metric: {name: loss, goal: minimize}
parameters:
  idle: {min: 0.0, max: 1.0}
  model:
    parameters:
      width: {min: 0.0, max: 1.0}
`);
const bare = { ...spec!, objectives: [] };

const trials = (count: number): readonly Observation[] =>
  Array.from({ length: count }, (_, index) => {
    const [idle, width] = [(0.618 * index) % 1, (0.414 * index) % 1];
    return { number: index + 1, params: { idle, model: { width } }, state: 'completed', values: [width * width] };
  });

function viewOf(count: number, of = spec!) {
  const some = trials(count).map((one) => ({ ...one, values: of.objectives.length === 0 ? [] : one.values }));
  return insightView(of, insightOf(of, 1n, some));
}

describe('what matters in a sweep', () => {
  it('is told by ranks and by shares of a model, the strongest first', () => {
    const { items, outlook, notes } = schema.parse(viewOf(30));
    expect(items.map(({ param }) => param)).toEqual(['model.width', 'idle']);
    expect(items[0]).toMatchObject({ samples: 30, correlation: expect.any(Number) });
    expect(items[0]!.share).toBeGreaterThan(0.9);
    expect(items[0]!.low! <= items[0]!.share! && items[0]!.share! <= items[0]!.high!).toBe(true);
    expect(outlook).toMatchObject({ trials: 20 });
    expect(notes).toEqual([]);
  });

  it('is told as far as there are trials enough, and the rest is named', () => {
    const six = viewOf(6);
    expect(six.items.every(({ share, importance }) => share === null && importance > 0)).toBe(true);
    expect(six.outlook).not.toBeNull();
    expect(six.notes).toEqual(['shares can be told from 8 completed trials with a finite `loss` on; there are 6']);
    const two = viewOf(2);
    expect(two).toMatchObject({ items: [], outlook: null });
    expect(two.notes.join('\n')).toMatch(/rank correlations .* 5 .* 2\n.*shares .* 8 .* 2\n.*more trials .* 3 .* 2/);
  });

  it('is nothing in a sweep without a metric, which is said', () => {
    expect(viewOf(30, bare)).toEqual({
      items: [],
      nextCursor: null,
      total: 0,
      outlook: null,
      notes: ['the sweep names no metric: there is nothing that a parameter could matter to'],
    });
  });
});
