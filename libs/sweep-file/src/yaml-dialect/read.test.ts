import { execFileSync } from 'node:child_process';
import { Float, type ParamValue } from '@sweep/optimizer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonJson } from '../python-text.js';
import { largestFileBytes, readYaml } from './read.js';
import { toValue } from './tree.js';

function fileValue(text: string): ParamValue {
  const reading = readYaml(text);
  if (!reading.ok) throw new Error(reading.problems.map((problem) => problem.message).join('; '));
  return toValue(reading.root);
}

function problemOf(text: string): { code: string; message: string; excerpt: string } {
  const reading = readYaml(text);
  if (reading.ok) throw new Error(`read as ${pythonJson(toValue(reading.root))}`);
  const [problem] = reading.problems;
  if (problem === undefined) throw new Error('refused without a reason');
  return { code: problem.code, message: problem.message, excerpt: text.slice(problem.at.offset, problem.at.offset + problem.at.length) };
}

const scalar = (text: string): ParamValue => (fileValue(`a: ${text}`) as { a: ParamValue }).a;

describe('a plain scalar', () => {
  it.each([
    '1e-5',
    '1e5',
    '9e-6',
    '-1e-3',
    '1e-04',
    '12e03',
    '1.0e5',
    '1.5E3',
    '-.5',
    '+.5e+3',
    '08',
    '0o10',
    'y',
    'n',
    'None',
    'none',
    'inf',
    'nan',
  ])('%s is text', (text) => expect(scalar(text)).toBe(text));

  it.each<[string, ParamValue]>([
    ['1.0e-5', 1e-5],
    ['1.e-5', 1e-5],
    ['6.e-5', 6e-5],
    ['1.5E+3', new Float(1500)],
    ['1.0e+5', new Float(100000)],
    ['.5', 0.5],
    ['5.', new Float(5)],
    ['0.', new Float(0)],
    ['685_230.15', 685230.15],
    ['190:20:30.15', 685230.15],
    ['.inf', Number.POSITIVE_INFINITY],
    ['-.inf', Number.NEGATIVE_INFINITY],
    ['.nan', Number.NaN],
  ])('%s is a float', (text, value) => expect(scalar(text)).toEqual(value));

  it.each<[string, number | bigint]>([
    ['1_000', 1000],
    ['1__0', 10],
    ['0x1F', 31],
    ['0b11', 3],
    ['+1', 1],
    ['-12', -12],
    ['010', 8],
    ['1:30', 90],
    ['-0', 0],
    ['9007199254740993', 9007199254740993n],
  ])('%s is an int', (text, value) => expect(scalar(text)).toBe(value));

  it.each(['yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'])('%s is true', (text) => expect(scalar(text)).toBe(true));
  it.each(['no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'])('%s is false', (text) => expect(scalar(text)).toBe(false));
  it.each(['null', 'Null', 'NULL', '~', ''])('%s is null', (text) => expect(scalar(text)).toBeNull());

  it.each(['2020-01-01', '2020-1-2 10:00:00', '2001-12-14t21:59:43.10-05:00'])('%s is a date, which is refused', (text) => {
    expect(problemOf(`a: ${text}`)).toMatchObject({ code: 'E-DATE', excerpt: text });
  });
});

describe('a tag', () => {
  it('turns text into the type that it names', () => {
    expect(scalar('!!float 1e-5')).toBe(1e-5);
    expect(scalar('!!float 3')).toEqual(new Float(3));
    expect(scalar('!!str 1')).toBe('1');
    expect(scalar('!!int "0x10"')).toBe(16);
  });

  it.each(['!!python/object:os.system x', '!mine 1', '!!float x', '!!set {a}', '!!binary aGk=', '!!python/tuple [1]'])(
    '%s is refused',
    (text) => {
      expect(problemOf(`a: ${text}`).code).toBe('E-YAML');
    },
  );
});

describe('a mapping', () => {
  it('keeps the last of two equal keys', () => expect(fileValue('a: 1\na: 2')).toEqual({ a: 2 }));

  it('takes merged keys, its own first and the first of several merged mappings before the later ones', () => {
    expect(fileValue('x: &x {p: 1, q: 1}\ny: &y {q: 2, r: 2}\nz: {<<: [*x, *y], r: 3}')).toMatchObject({ z: { p: 1, q: 1, r: 3 } });
  });

  it('turns its keys into text as JSON does', () => {
    expect(fileValue('{1: a, 0x10: b, 1.0: c, ~: d, true: e}')).toEqual({ '1': 'a', '16': 'b', '1.0': 'c', null: 'd', true: 'e' });
  });

  it('has a key __proto__ like any other', () => {
    const value = fileValue('{__proto__: {polluted: 1}, a: 2}');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('cannot be left open: the end of what was written is shown', () => expect(problemOf('a: 1\nb: [1, 27\n\n\n').excerpt).toBe('7'));

  it('cannot have a list as key', () => expect(problemOf('? [1, 2]\n: 3').code).toBe('E-YAML'));
});

describe('a text that is not one YAML document', () => {
  it.each([
    ['nothing', ''],
    ['a comment only', '# hello\n'],
    ['null', '~\n'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['tab indentation', 'a:\n\t- 1\n'],
    ['an unquoted brace in a flow list', 'command: [${env}, ${args}]'],
    ['an unknown alias', 'a: *nobody'],
    ['an alias of itself', 'a: &a [*a]'],
    ['an unclosed quote', 'a: "x'],
    ['a control character', 'a: \u0007'],
    ['a lone surrogate', 'a: \ud800'],
  ])('%s is refused', (_, text) => expect(problemOf(text).code).toBe('E-YAML'));

  it('is refused at the second document', () => expect(problemOf('a: 1\n---\nb: 2\n').excerpt).toBe('---'));
});

describe('a hostile text', () => {
  it('is refused when it is too large', () => expect(problemOf(`a: ${'x'.repeat(largestFileBytes)}`).message).toContain('1 MiB'));

  it('is refused when it is nested too deeply', () => {
    expect(problemOf('['.repeat(50_000)).message).toContain('levels deep');
    expect(problemOf('- '.repeat(50_000)).message).toContain('levels deep');
  });

  it('is refused when its aliases multiply', () => {
    const levels = Array.from({ length: 12 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`).join(', ')}]`);
    expect(problemOf(['l0: &l0 x', ...levels].join('\n')).message).toContain('aliases');
  });

  it('never makes the reader throw', () => {
    const pieces = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '[',
      ']',
      '{',
      '}',
      '&x ',
      '*x',
      '!!int ',
      '"',
      "'",
      '|',
      '>',
      '#',
      '? ',
      '<<',
      '---\n',
      '%',
      '\t',
      '1e',
      '.',
      ',',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => void readYaml(parts.join(''))),
      { numRuns: 2_000 },
    );
  });
});

const pyYaml = hasPyYaml();

function hasPyYaml(): boolean {
  try {
    execFileSync('python3', ['-c', 'import yaml'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!pyYaml)('beside PyYAML (needs python3 with yaml)', () => {
  it('reads number-like scalars the same', () => {
    const piece = fc.constantFrom('0', '1', '8', '.', 'e', 'E', '-', '+', '_', ':', 'x', 'b', 'o', '0x', '.5', '59', '1e');
    const texts = fc
      .sample(fc.array(piece, { minLength: 1, maxLength: 6 }), { numRuns: 3_000, seed: 1 })
      .map((parts) => parts.join(''))
      .filter((text) => !text.endsWith(':') && !text.startsWith('- '));
    const program =
      "import sys,json,yaml\nfor t in json.load(sys.stdin):\n  try: print(json.dumps(yaml.safe_load('a: '+t)['a']))\n  except Exception: print('refused')";
    const theirs = execFileSync('python3', ['-c', program], { input: JSON.stringify(texts) })
      .toString()
      .trimEnd()
      .split('\n');
    const ours = texts.map((text) => {
      const reading = readYaml(`a: ${text}`);
      return reading.ok ? pythonJson((toValue(reading.root) as { a: ParamValue }).a) : 'refused';
    });
    const differing = texts.map((text, index) => [text, theirs[index], ours[index]]).filter(([, a, b]) => a !== b);
    expect(differing).toEqual([]);
  });
});
