/** What stands in the pictures: colours, labels, lanes, hits, columns, steps. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimelineBar } from '../chart-data.js';
import { bestSoFar } from './best-so-far.js';
import { blended, colourAt, contrast, seriesColour, viridisColour } from './colours.js';
import { csvOf } from './csv.js';
import { distanceToStretch, nearestPoint } from './hits.js';
import { everyNth, firstFree, shortened } from './label-places.js';
import { idleTime, lanesOf } from './lanes.js';
import { parallelColumns } from './parallel-columns.js';

const surfaces = { light: '#ffffff', dark: '#1b1c1e' } as const;
const themes = ['light', 'dark'] as const;

describe('colours', () => {
  it('of series read on their surface', () => {
    for (const theme of themes)
      for (let i = 0; i < 35; i++) expect(contrast(colourAt(i, theme), surfaces[theme])).toBeGreaterThanOrEqual(3);
  });

  it('stay with the id, whatever else there is', () => {
    expect(seriesColour('k3f9x2ab', 'light')).toBe(seriesColour('k3f9x2ab', 'light'));
    const many = new Set(Array.from({ length: 500 }, (_, i) => seriesColour(`run-${i}`, 'light')));
    expect(many.size).toBe(35);
  });

  it('of values are readable throughout, the best most of all', () => {
    for (const theme of themes) {
      const ratios = [0, 0.25, 0.5, 0.75, 1].map((goodness) => contrast(viridisColour(goodness, theme), surfaces[theme]));
      for (const ratio of ratios) expect(ratio).toBeGreaterThanOrEqual(2.95);
      expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
    }
  });
});

describe('a mixture of colours', () => {
  it('takes the short form too, which minified style sheets are full of', () => {
    expect(blended('#fff', '#000000', 0.5)).toBe(blended('#ffffff', '#000', 0.5));
    expect(blended('#fff', '#2f6fdd', 0)).toBe('#ffffff');
  });
});

describe('labels', () => {
  it('never overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 60 }), fc.integer({ min: 1, max: 1000 }), (sizes, width) => {
        const places = sizes.map((_, i) => (i * width) / Math.max(1, sizes.length - 1));
        const chosen = everyNth(places, sizes, 4);
        for (const [i, index] of chosen.entries()) {
          const before = chosen[i - 1];
          if (before !== undefined)
            expect(places[index]! - places[before]!).toBeGreaterThanOrEqual((sizes[index]! + sizes[before]!) / 2 + 4);
        }
        expect(chosen.length > 0).toBe(sizes.length > 0);
      }),
    );
  });

  it('are all written where there is room', () => {
    expect(everyNth([0, 50, 100], [20, 20, 20], 4)).toEqual([0, 1, 2]);
    expect(everyNth([0, 10, 20, 30, 40], [15, 15, 15, 15, 15], 4)).toEqual([0, 2, 4]);
  });

  it('are at the first place that no other one covers', () => {
    const at = (x: number, y = 0) => ({ x, y, width: 20, height: 10 });
    expect(firstFree([at(0), at(10), at(20)], [])).toEqual(at(0));
    expect(firstFree([at(0), at(10), at(20)], [at(0)])).toEqual(at(20));
    expect(firstFree([at(0), at(0, 9), at(0, 10)], [at(5)])).toEqual(at(0, 10));
    expect(firstFree([at(0)], [at(19)])).toBeUndefined();
  });

  it('keep beginning and end when they are cut', () => {
    const width = (text: string) => [...text].length;
    expect(shortened('transformer_layers', 10, width)).toBe('transf…ers');
    expect(shortened('short', 10, width)).toBe('short');
    expect(shortened('anything', 1, width)).toBe('…');
    expect(shortened('anything', 0, width)).toBe('');
  });
});

describe('lanes', () => {
  const bar = (of: Partial<TimelineBar>): TimelineBar => ({
    id: 't',
    label: '1',
    agent: 'box',
    slot: 0,
    state: 'completed',
    start: 0,
    end: 10,
    ...of,
  });

  it('stand in order of agents and slots, empty ones too', () => {
    const lanes = lanesOf(
      [bar({ agent: 'box10' })],
      [
        { agent: 'box2', slot: 1 },
        { agent: 'box2', slot: 0 },
      ],
      { from: 0, now: 10 },
    );
    expect(lanes.map(({ agent, slot }) => [agent, slot])).toEqual([
      ['box2', 0],
      ['box2', 1],
      ['box10', 0],
    ]);
  });

  it('put bars that overlap beside each other, and use a row again', () => {
    const [lane] = lanesOf([bar({ start: 0, end: 10 }), bar({ start: 5, end: 15 }), bar({ start: 12, end: 20 })], [], { from: 0, now: 20 });
    expect(lane!.rows).toBe(2);
    expect(lane!.bars.map(({ row }) => row)).toEqual([0, 1, 0]);
  });

  it('draw what still runs until now', () => {
    expect(lanesOf([bar({ start: 5, end: null })], [], { from: 0, now: 42 })[0]!.bars[0]!.end).toBe(42);
  });

  it('sum what no bar covers', () => {
    expect(idleTime([bar({ start: 2, end: 4 }), bar({ start: 3, end: 6 }), bar({ start: 8, end: null })], 0, 10)).toBe(4);
    expect(idleTime([], 0, 10)).toBe(10);
    expect(idleTime([bar({ start: 0, end: 100 })], 0, 10)).toBe(0);
    expect(idleTime([bar({ start: 50, end: 100 })], 0, 10)).toBe(10);
  });
});

describe('hits', () => {
  it('are of the nearest point within reach', () => {
    expect(nearestPoint([0, 10, 20], [0, 0, 0], [11, 1], 5)).toBe(1);
    expect(nearestPoint([0, 10, 20], [0, 0, 0], [100, 100], 5)).toBe(-1);
    expect(nearestPoint([Number.NaN, 4], [0, 0], [0, 0], 5)).toBe(1);
  });

  it('of a stretch end where it ends', () => {
    expect(distanceToStretch([5, 3], [0, 0], [10, 0])).toBe(9);
    expect(distanceToStretch([13, 4], [0, 0], [10, 0])).toBe(25);
    expect(distanceToStretch([3, 4], [0, 0], [0, 0])).toBe(25);
  });
});

describe('a CSV file', () => {
  it('runs nothing in a spreadsheet', () => {
    const evil = ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '\r=1', ' =1', '=HYPERLINK("http://x","y")'];
    const cells = csvOf(
      ['name'],
      evil.map((text) => [text]),
    )
      .split(/\r\n(?=["'])/)
      .slice(1);
    expect(cells).toHaveLength(evil.length);
    for (const cell of cells) expect(cell).toMatch(/^"?'/);
    expect(csvOf(['=evil'], [])).toBe(`"'=evil"\r\n`);
  });

  it('leaves numbers alone, also negative ones and those in texts', () => {
    expect(csvOf(['a', 'b', 'c', 'd'], [[-1.5, '-1.5e-3', null, Number.NaN]])).toBe('a,b,c,d\r\n-1.5,-1.5e-3,,NaN\r\n');
  });

  it('quotes what would break it', () => {
    expect(csvOf(['a'], [['x,"y"\nz']])).toBe('a\r\n"x,""y""\nz"\r\n');
  });
});

describe('axes of parallel coordinates', () => {
  const trials = [
    { params: { lr: 1e-4, opt: 'adam', fixed: 3, net: { width: 64 } } },
    { params: { lr: 1e-1, opt: 'sgd', fixed: 3, net: { width: 128 } } },
    { params: { lr: 1e-2, fixed: 3, net: { width: 96 } } },
  ];

  it('are of what varies, the objective last', () => {
    const columns = parallelColumns(trials, { name: 'loss', values: [1, 2, Number.NaN] });
    expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
      ['lr', 'number'],
      ['opt', 'category'],
      ['net.width', 'number'],
      ['loss', 'number'],
    ]);
  });

  it('are logarithmic where values span decades', () => {
    const [lr, , width] = parallelColumns(trials, null);
    expect(lr).toMatchObject({ log: true });
    expect(width).toMatchObject({ log: false });
  });

  it('say which trial has no value', () => {
    expect(Array.from(parallelColumns(trials, null)[1]!.values)).toEqual([0, 1, -1]);
  });

  it('treat numbers mixed with texts as levels', () => {
    const [column] = parallelColumns([{ params: { x: 10 } }, { params: { x: 'auto' } }, { params: { x: 9 } }], null);
    expect(column).toMatchObject({ kind: 'category', levels: ['9', '10', 'auto'] });
  });
});

describe('the best so far', () => {
  const trial = (number: number, value: number | null, state: 'completed' | 'pruned' = 'completed') => ({
    id: `t${number}`,
    number,
    state,
    value,
  });

  it('steps at each improvement, in order of numbers', () => {
    const steps = bestSoFar([trial(3, 1), trial(1, 5), trial(2, 7), trial(4, Number.NaN), trial(5, null), trial(6, 0)], 'minimize');
    expect(steps.map(({ number, value }) => [number, value])).toEqual([
      [1, 5],
      [3, 1],
      [6, 0],
    ]);
  });

  it('counts no trial that was stopped half the way', () => {
    expect(bestSoFar([trial(1, 5), trial(2, 9, 'pruned')], 'maximize')).toHaveLength(1);
  });
});
