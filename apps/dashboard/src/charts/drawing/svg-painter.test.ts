import { describe, expect, it } from 'vitest';
import { svgPainter } from './svg-painter.js';

const painter = () => svgPainter({ width: 100, height: 50 }, '#ffffff', (text) => text.length * 6);

describe('an SVG file', () => {
  it('holds hostile texts as texts', () => {
    const svg = painter();
    svg.text('</text><script>alert(1)</script>', 1, 2, { colour: '"><script>' });
    svg.text('bell \u0007 & "quotes"', 1, 2, { colour: '#000000' });
    const file = svg.finish();
    expect(file).not.toContain('<script');
    expect(file).toContain('&lt;/text&gt;&lt;script&gt;');
    expect(file).toContain('bell \ufffd &amp; &quot;quotes&quot;');
  });

  it('breaks lines where a number is missing', () => {
    const svg = painter();
    svg.line([0, 0, 1, 1, Number.NaN, 2, 3, 3.14111], { colour: '#000000', dash: [2, 2] });
    expect(svg.finish()).toContain('d="M0 0L1 1M3 3.14"');
  });

  it('clips what is drawn within a box', () => {
    const svg = painter();
    svg.within({ x: 0, y: 0, width: 10, height: 10 }, () => svg.disc(5, 5, 2, { colour: '#123456' }));
    expect(svg.finish()).toMatch(/<clipPath id="clip1">.*<g clip-path="url\(#clip1\)"><circle [^>]*\/><\/g>/);
  });
});
