import { describe, expect, it } from 'vitest';
import type { TimelineBar } from '../chart-data.js';
import { lanesOf } from '../maths/lanes.js';
import type { Palette } from './palette.js';
import { svgPainter } from './svg-painter.js';
import { drawTimeline, timelinePlot } from './timeline-drawing.js';

const grey = '#777777';
const palette = {
  theme: 'light',
  surface: '#ffffff',
  text: grey,
  muted: grey,
  faint: grey,
  rule: grey,
  accent: '#2f6fdd',
  states: new Proxy({}, { get: () => grey }),
} as unknown as Palette;

function textsOf(ended: boolean): readonly (string | undefined)[] {
  const size = { width: 600, height: 100 };
  const bar: TimelineBar = { id: 't', label: 'Trial 1', agent: 'box', slot: 0, state: 'completed', start: 0, end: 8_000 };
  const painter = svgPainter(size, '#ffffff', (text) => text.length * 6);
  const lanes = lanesOf([bar], [{ agent: 'box', slot: 0 }], { from: 0, now: 10_000 });
  drawTimeline(painter, palette, {
    plot: timelinePlot(painter, size, lanes, [0, 12_000]),
    now: 10_000,
    ended,
    idleText: (ms) => `${ms} ms`,
  });
  return [...painter.finish().matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);
}

describe('the timeline', () => {
  it('names each slot, its trials and how long it was idle', () => {
    expect(textsOf(false)).toEqual(expect.arrayContaining(['box · 0', 'Trial 1', '2000 ms']));
  });

  it('marks the present while the sweep goes on, and its end after that', () => {
    expect(textsOf(false)).toContain('now');
    expect(textsOf(true)).toContain('end');
    expect(textsOf(true)).not.toContain('now');
  });
});
