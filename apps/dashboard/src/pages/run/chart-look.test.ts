import { expect, it } from 'vitest';
import { lookIn, lookOf, zoomText } from './chart-look.js';

it('an address without wishes shows steps as they were logged', () => {
  expect(lookIn({})).toEqual({
    ownAxes: true,
    axis: { by: 'step' },
    x: { label: 'step', kind: 'number', log: false },
    yLog: false,
    smoothing: 0,
    search: '',
    zoom: null,
  });
});

it('wishes are read from the address', () => {
  expect(lookIn({ x: 'metric:epoch', logx: '1', logy: 1, smooth: '0.9', zoom: '10~20', q: 'loss' })).toMatchObject({
    axis: { by: 'metric', name: 'epoch' },
    x: { label: 'epoch', log: true },
    yLog: true,
    smoothing: 0.9,
    zoom: [10, 20],
  });
  expect(lookIn({ x: 'time', logx: '1' }).x).toMatchObject({ kind: 'date', log: false });
});

it('a metric is drawn over the axis that its program named, unless somebody chose another', () => {
  expect(lookOf(lookIn({ logx: '1' }), 'epoch')).toMatchObject({
    axis: { by: 'metric', name: 'epoch' },
    x: { label: 'epoch', kind: 'number', log: true },
  });
  for (const x of ['step', 'time', 'metric:other']) expect(lookOf(lookIn({ x }), 'epoch')).toEqual(lookIn({ x }));
  expect(lookOf(lookIn({}), undefined)).toEqual(lookIn({}));
});

it('nonsense in the address does no harm', () => {
  expect(lookIn({ x: 'sideways', smooth: 'much', zoom: '20~10' })).toMatchObject({ axis: { by: 'step' }, smoothing: 0, zoom: null });
  expect(lookIn({ smooth: '7', zoom: 'a~b' })).toMatchObject({ smoothing: 0.999, zoom: null });
  expect(zoomText([1, 2.5])).toBe('1~2.5');
  expect(zoomText(null)).toBeUndefined();
});
