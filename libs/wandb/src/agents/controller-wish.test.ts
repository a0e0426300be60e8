import { describe, expect, it } from 'vitest';
import { controllerState, readControllerWish, schedulerState } from './controller-wish.js';

describe('the wish of a local controller', () => {
  it('names points, the end of its search, and runs to stop', () => {
    const text =
      '{"schedule": [{"id": "a1", "data": {"args": {"x": {"value": 1.0}}}}, {"id": "b2", "data": {"args": null}}], "earlystop": ["k3f9x2ab"]}';
    expect(readControllerWish(text)).toEqual({
      points: [
        { id: 'a1', config: '{"x": {"value": 1.0}}' },
        { id: 'b2', config: null },
      ],
      stop: ['k3f9x2ab'],
    });
  });

  it('may be empty', () => {
    for (const text of ['{}', '{"schedule": null, "earlystop": null}', '{"schedule": [], "earlystop": []}'])
      expect(readControllerWish(text)).toEqual({ points: [], stop: [] });
  });

  it('is nothing else', () => {
    const wrong = [
      'schedule',
      '[]',
      '{"schedule": {}}',
      '{"schedule": [1]}',
      '{"schedule": [{"id": "a"}]}',
      '{"schedule": [{"id": 1, "data": {"args": null}}]}',
      '{"schedule": [{"id": "a", "data": {"args": [1]}}]}',
      '{"earlystop": [1]}',
      '{"earlystop": "k3f9x2ab"}',
    ];
    for (const text of wrong) expect(readControllerWish(text), text).toBeUndefined();
  });
});

describe('what a local controller reads back', () => {
  it('is what still waits, what stops, and which run is which', () => {
    expect(readControllerWish(controllerState([{ id: 'k3f9x2ab', config: '{"x":{"value":0.5}}' }], ['m4g0y3bc']))).toEqual({
      points: [{ id: 'k3f9x2ab', config: '{"x":{"value":0.5}}' }],
      stop: ['m4g0y3bc'],
    });
    expect(JSON.parse(schedulerState(['k3f9x2ab']))).toEqual({ scheduled: [{ id: 'k3f9x2ab', runid: 'k3f9x2ab' }] });
  });
});
