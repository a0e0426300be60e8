import { Float, parseJson } from '@sweep/optimizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { csvText } from './csv.js';
import { ago, duration, parseDuration } from './duration.js';
import { fields } from './fields.js';
import { plot } from './plot.js';
import { dataText } from './print.js';
import { sparkline } from './sparkline.js';
import { fit, renderTable, shorten } from './table.js';
import { bytes, metric, number, paramsText } from './value.js';
import { textWidth } from './width.js';

describe('durations', () => {
  it.each([
    [0, '0s'],
    [0.42, '0.4s'],
    [59.6, '1m'],
    [61, '1m 1s'],
    [3600, '1h'],
    [100_000, '1d 3h'],
    [Number.NaN, ''],
  ])('%d seconds are "%s"', (seconds, text) => expect(duration(seconds)).toBe(text));

  it.each([
    ['90', 90],
    ['1.5h', 5400],
    ['7d', 604_800],
    ['1:30', undefined],
    ['soon', undefined],
  ])('"%s" is read as %s', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  it('are counted from now in words', () => {
    const now = Date.parse('2026-01-01T12:00:00Z');
    expect(ago('2026-01-01T11:59:59.5Z', now)).toBe('now');
    expect(ago('2026-01-01T10:00:00Z', now)).toBe('2h ago');
    expect(ago('2026-01-03T12:00:00Z', now)).toBe('in 2d');
    expect(ago(null, now)).toBe('');
  });
});

describe('numbers', () => {
  it.each([
    [0.1 + 0.2, '0.3'],
    [1e-5, '1e-5'],
    [0.000012345, '1.234e-5'],
    [123_456, '123456'],
    [1.5e9, '1.5e9'],
    [Number.NaN, 'nan'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('%d is shown as %s', (value, text) => expect(number(value)).toBe(text));

  it('that are not finite come as texts and are shown as such', () => expect(metric('NaN')).toBe('nan'));
  it('of several objectives stand side by side', () => expect(metric([0.5, null, 'Infinity'])).toBe('0.5  inf'));
  it('keep the type of a parameter', () =>
    expect(paramsText({ a: new Float(16), b: 16, c: { d: [1, 'x'] } })).toBe('a=16.0 b=16 c={d=[1, x]}'));
  it('of bytes have units', () => expect([bytes(12), bytes(1536), bytes(3 * 1024 ** 3)]).toEqual(['12 B', '1.5 KiB', '3.0 GiB']));
});

describe('a table', () => {
  const columns = [
    { title: 'NAME', text: (row: { name: string; n: number }) => row.name },
    { title: 'N', align: 'right' as const, text: (row: { name: string; n: number }) => String(row.n) },
  ];

  it('aligns numbers to the right and leaves no space at the ends of lines', () => {
    expect(
      renderTable(
        columns,
        [
          { name: 'a', n: 5 },
          { name: 'longer', n: 123 },
        ],
        80,
      ),
    ).toBe('NAME      N\na         5\nlonger  123');
  });

  it('never is wider than the terminal, as far as titles allow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: fc.string({ maxLength: 60 }), n: fc.nat() }), { maxLength: 5 }),
        fc.integer({ min: 20, max: 70 }),
        (rows, width) => {
          for (const line of renderTable(columns, rows, width).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('keeps numbers and what a row is called, and lets the last columns go where there is no room', () => {
    const wide = [...columns, { title: 'CREATED', text: () => '3 hours ago' }];
    expect(renderTable(wide, [{ name: 'k3f9x2ab', n: 12 }], 21)).toBe('NAME       N  CREATED\nk3f9x2ab  12  3 hour…');
    expect(renderTable(wide, [{ name: 'k3f9x2ab', n: 12 }], 20)).toBe('NAME       N\nk3f9x2ab  12');
    expect(renderTable(wide, [{ name: 'k3f9x2ab', n: 12 }], 4)).toBe('NAME\nk3f9x2ab');
  });

  it('shows no control character of a name', () => {
    expect(renderTable(columns, [{ name: 'a\u001b[31mred\u0007\nb', n: 1 }], 80)).toContain('a[31mred b');
  });

  it('takes room from the widest column first', () => expect(fit([4, 30, 10], [4, 4, 4], 24)).toEqual([4, 10, 10]));
  it('marks what was cut, by columns and not by letters', () => expect(shorten('日本語の名前', 7)).toBe('日本語…'));
});

describe('one thing', () => {
  it('is lines with the names aligned, without empty ones', () => {
    expect(
      fields([
        ['id', 'x'],
        ['nothing', ''],
        ['state', 'a\nb'],
      ]),
    ).toBe('id     x\nstate  a\n       b');
  });
});

describe('data', () => {
  const item = parseJson('{"id":"x","params":{"bs":16.0,"n":16},"objective":"NaN","list":[1,2],"none":null}');

  it('as JSON keeps 16 and 16.0 apart', async () => expect(await dataText(item, 'json')).toContain('"bs": 16.0,\n    "n": 16'));
  it('as JSON lines is a line for each', async () =>
    expect(await dataText([item, item], 'jsonl')).toBe(`${(await dataText(item, 'jsonl')).trim()}\n`.repeat(2)));
  it('as YAML keeps them apart too', async () => {
    const text = await dataText(item, 'yaml');
    expect(text).toContain('bs: 16.0\n');
    expect(text).toContain('n: 16\n');
    expect(parse(text)).toMatchObject({ id: 'x', list: [1, 2], none: null });
  });

  it('as CSV has a column for each nested member and quotes what needs it', () => {
    expect(csvText([{ a: { b: new Float(1) } }, { a: { c: 'x,"y"' }, l: [1, 2] }])).toBe('a.b,a.c,l\n1.0,,\n,"x,""y""","[1,2]"\n');
  });

  it('as CSV is empty when there is nothing', () => expect(csvText([])).toBe(''));
});

describe('a sparkline', () => {
  it('goes from the lowest to the highest', () => expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█'));
  it('averages what does not fit', () => expect(sparkline([0, 0, 10, 10], 2)).toBe('▁█'));
  it('leaves a gap for NaN', () => expect(sparkline([1, Number.NaN, 2], 8)).toBe('▁ █'));
  it('of a constant is level', () => expect(sparkline([3, 3], 8)).toBe('▄▄'));
  it('of nothing finite is empty', () => expect(sparkline([Number.NaN], 8)).toBe(''));

  it('averages the largest numbers there are', () => {
    expect(sparkline([Number.MAX_VALUE, Number.MAX_VALUE], 1)).toHaveLength(1);
  });

  it('is as long as its values, and never longer than asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), fc.integer({ min: 1, max: 40 }), (values, width) => {
        expect([...sparkline(values, width)]).toHaveLength(Math.min(values.length, width));
      }),
    );
  });
});

describe('a plot', () => {
  const size = { width: 40, height: 10 };

  it('has the range of both axes and the title', () => {
    const lines = plot('loss', [0, 50, 99], [2.5, 1, 0.5], size).split('\n');
    expect(lines[0]).toBe('loss');
    expect(lines[1]).toMatch(/^2\.5 ┤/);
    expect(lines.at(-2)).toMatch(/^0\.5 ┤/);
    expect(lines.at(-1)!.trim()).toMatch(/^0 +99$/);
  });

  it('falls from the left top to the right bottom when the values do', () => {
    const body = plot('x', [0, 1], [1, 0], size).split('\n').slice(1, -1);
    const first = (line: string): number => line.search(/[⠁-⣿]/);
    expect(first(body[0]!)).toBeLessThan(first(body.at(-1)!));
  });

  it('leaves out what is not finite, and says so when nothing is left', () => {
    expect(plot('x', [0, 1], [Number.NaN, Number.POSITIVE_INFINITY], size)).toBe('x: no finite value');
  });

  it('fits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 50 }),
        (values) => {
          const lines = plot(
            'x',
            values.map((_, step) => step),
            values,
            size,
          ).split('\n');
          expect(lines).toHaveLength(size.height);
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(size.width + 8);
        },
      ),
    );
  });
});
