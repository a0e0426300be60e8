import { describe, expect, it } from 'vitest';
import { holdRows } from './held-rows.js';

const row = (id: string, value = 0) => ({ id, value });

describe('rows that are held', () => {
  it('keep their places and show their newest values; what is new waits', () => {
    const held = holdRows([row('c', 3), row('b', 20), row('a', 10)], ['a', 'b']);
    expect(held).toEqual({ rows: [row('a', 10), row('b', 20)], fresh: 1 });
  });

  it('let go of what is no longer there', () => {
    expect(holdRows([row('b')], ['a', 'b'])).toEqual({ rows: [row('b')], fresh: 0 });
  });

  it('that are not held follow what comes', () => {
    expect(holdRows([row('c'), row('a')], null)).toEqual({ rows: [row('c'), row('a')], fresh: 0 });
  });
});
