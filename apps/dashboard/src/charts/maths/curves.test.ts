import { describe, expect, it } from 'vitest';
import type { Curve } from '../chart-data.js';
import { alongAxis } from './curve-axis.js';
import { type CurveView, curveModel } from './curve-model.js';
import { curveAt, mostRows, valuesAt } from './curve-readout.js';
import { scaleOf } from './scale.js';

const curve = (id: string, y: readonly number[], x: readonly number[] = [...y.keys()]): Curve => ({
  id,
  label: id,
  x,
  y,
  state: 'completed',
});
const view: CurveView = { smoothing: 0, xLog: false, yLog: false, zoom: null, all: false, front: new Set(), pixels: 500 };

describe('what is drawn of curves', () => {
  it('is every line of a few, no band', () => {
    const model = curveModel([curve('a', [1, 2, 3]), curve('b', [3, 2])], view)!;
    expect(model.drawn.map(({ curve: { id } }) => id)).toEqual(['a', 'b']);
    expect(model.band).toBeNull();
    expect(model.x).toEqual([0, 2]);
  });

  it('is fifty lines of many, those in front among them, and a band of the rest', () => {
    const many = Array.from({ length: 80 }, (_, i) => curve(`c${i}`, [i, i]));
    const model = curveModel(many, { ...view, front: new Set(['c79']) })!;
    expect(model.drawn).toHaveLength(50);
    expect(model.drawn.some(({ curve: { id } }) => id === 'c79')).toBe(true);
    expect(model.banded).toBe(30);
    expect([model.band!.low[0], model.band!.high[0]]).toEqual([49, 78]);
  });

  it('has the raw line behind a smoothed one', () => {
    const [drawn] = curveModel([curve('a', [0, 1, 0, 1])], { ...view, smoothing: 0.9 })!.drawn;
    expect([...drawn!.raw!.y]).toEqual([0, 1, 0, 1]);
    expect(drawn!.line.y[1]).toBeLessThan(1);
    expect(curveModel([curve('a', [0, 1])], view)!.drawn[0]!.raw).toBeNull();
  });

  it('takes the height of what is seen when it is zoomed', () => {
    const model = curveModel([curve('a', [1000, 1, 2, 3])], { ...view, zoom: [1, 3], all: true })!;
    expect(model.y[1]).toBeLessThan(4);
  });

  it('tells where values are no numbers', () => {
    const model = curveModel([curve('a', [1, Number.NaN, Number.POSITIVE_INFINITY, 2])], view)!;
    expect(model.drawn[0]!.gaps).toEqual([1, 2]);
    expect(model.outside.unshowable).toBe(2);
  });

  it('is nothing where no point can be shown', () => {
    expect(curveModel([], view)).toBeNull();
    expect(curveModel([curve('a', [])], view)).toBeNull();
    expect(curveModel([curve('a', [-1, 0])], { ...view, yLog: true })).toBeNull();
  });
});

describe('the crosshair', () => {
  const drawn = (curves: readonly Curve[]) => curveModel(curves, view)!.drawn;

  it('reads at most twelve curves, largest first, those in front always', () => {
    const many = Array.from({ length: 20 }, (_, i) => curve(`c${i}`, [i, i + 2]));
    const { rows, more } = valuesAt(drawn(many), 0.5, new Set(['c0']));
    expect(rows).toHaveLength(mostRows);
    expect(more).toBe(8);
    expect(rows[0]).toEqual({ id: 'c19', label: 'c19', value: 20 });
    expect(rows.at(-1)!.id).toBe('c0');
  });

  it('leaves out curves that are not there', () => {
    expect(valuesAt(drawn([curve('a', [1, 1]), curve('b', [1, 1, 1, 1])]), 2.5, new Set()).rows.map(({ id }) => id)).toEqual(['b']);
  });

  it('is on the curve that it is nearest to', () => {
    const scales = { x: scaleOf([0, 1], [0, 100]), y: scaleOf([0, 10], [100, 0]) };
    const both = drawn([curve('low', [1, 1]), curve('high', [9, 9])]);
    expect(curveAt(both, [50, 12], scales)).toBe('high');
    expect(curveAt(both, [50, 50], scales)).toBeNull();
  });
});

describe('an axis', () => {
  const series = { steps: [0, 1, 2], values: [5, 6, 7], times: [1000, 3000, 2000] };

  it('of steps, of the clock, of time since the beginning', () => {
    expect([...alongAxis(series, { by: 'step' }, 0, null).x]).toEqual([0, 1, 2]);
    const byTime = alongAxis(series, { by: 'time' }, 0, null);
    expect([...byTime.x]).toEqual([1000, 2000, 3000]);
    expect([...byTime.y]).toEqual([5, 7, 6]);
    expect([...alongAxis(series, { by: 'relative' }, 1000, null).x]).toEqual([0, 1000, 2000]);
  });

  it('of another metric joins by steps and leaves out what that lacks', () => {
    const epochs = { steps: [0, 2], values: [0.5, 0.25], times: [0, 0] };
    const { x, y } = alongAxis(series, { by: 'metric', name: 'epoch' }, 0, epochs);
    expect([...x]).toEqual([0.25, 0.5]);
    expect([...y]).toEqual([7, 5]);
    expect(alongAxis(series, { by: 'metric', name: 'gone' }, 0, null).x).toHaveLength(0);
  });
});
